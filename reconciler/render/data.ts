// One item of data as the fleet wants it in; its state and where it comes from out.
import { createHash } from "node:crypto";
import type { DataWish } from "../model/desired.ts";
import type { Data } from "../model/data-state.ts";
import type { DataEntry, Supply } from "../model/target.ts";
import { digestOfListing } from "../resources/data/listing.ts";
import { permissionsFor } from "./permissions.ts";
import type { Work } from "./work.ts";

/** Of what only its source knows, the digest is empty until the source has been asked. */
export function dataState(work: Work, wish: DataWish): { readonly state: Data; readonly supply: Supply } {
  const { source, path, unpack, maxAgeMs, keepVersions, maxBytes } = wish;
  const rest = {
    ...{ keepVersions, maxBytes },
    ...(unpack === undefined ? {} : { unpack }),
    ...(maxAgeMs === undefined ? {} : { maxAgeMs }),
  };
  const permissions = permissionsFor(work, {}, wish, path);
  if (source.type === "repository") {
    const listing = listed(work, wish, source.path);
    const isFile = listing.length === 1 && listing[0]?.path === "";
    const size = listing.reduce((sum, entry) => sum + (entry.size ?? 0), 0);
    const digest = digestOfListing(listing);
    const state: Data = { type: "data", shape: isFile ? "file" : "tree", digest, size, ...permissions };
    return { state, supply: { source: { ...source, listing }, ...rest } };
  }
  // Whether rsync brings a file or a tree, only the source can tell.
  const isTree = unpack !== undefined || source.type === "rsync";
  const digest = source.type === "http" && unpack === undefined ? source.digest : "";
  const size = source.type === "http" ? (source.size ?? 0) : 0;
  return {
    state: { type: "data", shape: isTree ? "tree" : "file", digest, size, ...permissions },
    supply: { source, ...rest },
  };
}

/** The files at or below a path of the repository, with the folders that hold them, sorted. */
function listed(work: Work, { path, where }: DataWish, source: string): readonly DataEntry[] {
  const { tree } = work.input;
  const single = tree.get(source);
  if (single !== undefined) return [entryOf(work, "", single.bytes)];
  const below = [...tree.keys()].filter((each) => each.startsWith(`${source}/`)).sort();
  if (below.length === 0) {
    work.problems.push({
      code: "missing-source",
      where,
      what: `there is no ${source} in the repository, which ${path} is to be a copy of`,
      hint: "commit it, or name a file or folder that is there",
    });
  }
  const folders = new Set<string>();
  const files = below.map((each) => {
    const name = each.slice(source.length + 1);
    for (let end = name.lastIndexOf("/"); end > 0; end = name.lastIndexOf("/", end - 1))
      folders.add(name.slice(0, end));
    return entryOf(work, name, tree.get(each)?.bytes ?? Buffer.alloc(0));
  });
  const made = Array.from(folders, (each): DataEntry => ({ path: each, type: "directory", mode: 0o755 }));
  return [...files, ...made].sort((one, other) => (one.path < other.path ? -1 : 1));
}

function entryOf({ contents }: Work, path: string, bytes: Buffer): DataEntry {
  const digest = createHash("sha256").update(bytes).digest("hex");
  contents.set(digest, bytes);
  return { path, type: "regular", mode: 0o644, digest, size: bytes.length };
}
