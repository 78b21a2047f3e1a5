// An item that comes by rsync in, its version beside it out: from the version at hand only what differs is moved.
import type { Machine } from "../../machine/machine.ts";
import type { Digest } from "../../model/file-state.ts";
import { printable } from "../../../common/printable.ts";
import { refuse, type Problem, type Result } from "../../../common/problem.ts";
import { adopt, contentIn, type Brought } from "./adopt.ts";
import { baseOf, type Base } from "./base.ts";
import type { Request } from "./request.ts";
import { rsyncSource } from "./rsync/address.ts";
import { PARTIAL_FOLDER, transfer } from "./rsync/rsync.ts";
import { openWorkshop, type Site } from "./site.ts";
import { sourceOf } from "./source.ts";
import { startFromNames } from "./start.ts";
import { copyDifferences } from "./copy-differences.ts";
import { entriesOf } from "./walk.ts";

export async function bringByRsync(
  machine: Machine,
  site: Site,
  request: Request,
  url: string,
): Promise<Result<Brought>> {
  const source = rsyncSource(url);
  if (!source.ok) return source;
  const { shape, owner, supply, expected } = request;
  await openWorkshop(machine, site, ["content", PARTIAL_FOLDER]);
  const content = contentIn(site);
  const { base, copied } = await begin(machine, site, { ...request, from: source.value.from }, content);
  const order = { source: source.value, shape, owner, maxBytes: supply.maxBytes, trustBase: base?.trusted ?? true };
  const failed =
    copied === undefined
      ? await transfer(machine, { ...order, ...(base && { base: base.where }) }, content)
      : undefined;
  if (failed !== undefined) return refuse(failed);
  if (machine.files.stat(content)?.type !== (shape === "tree" ? "directory" : "regular"))
    return refuse(wrongShape(site, url));
  return adopt(machine, {
    site,
    source: sourceOf(supply),
    maxBytes: supply.maxBytes,
    ...(base?.trusted === true ? { linked: base.manifest } : {}),
    ...(copied && { copied }),
    ...(expected === undefined ? {} : { expected }),
  });
}

interface Beginning {
  readonly base: Base | undefined;
  /** Digests by path of what was copied: then all is there. Otherwise it is left to rsync. */
  readonly copied?: ReadonlyMap<string, Digest>;
}

/** `content` begins as the version at hand, as far as that is known to be what the source once had. */
async function begin(
  machine: Machine,
  site: Site,
  request: Request & { readonly from: string },
  content: string,
): Promise<Beginning> {
  const { shape, owner, offered, from } = request;
  if (shape === "file") {
    const base = await baseOf(machine, site, request);
    startFile(machine, base, content);
    return { base };
  }
  const { base, here } = await startFromNames(machine, site, request, content);
  if (base?.entries === undefined || here === undefined || offered === undefined) return { base };
  const differences = {
    from,
    offered: entriesOf(offered, from),
    where: base.where,
    entries: base.entries,
    here,
    owner,
  };
  const copied = await copyDifferences(machine, differences, content);
  return { base, ...(copied && { copied }) };
}

/** A second name: rsync writes the new content beside it and takes from it what is the same. */
function startFile({ files }: Machine, base: Base | undefined, content: string): void {
  if (base !== undefined && files.stat(content) === undefined) files.link(base.where, content);
}

function wrongShape({ path }: Site, url: string): Problem {
  return {
    code: "data-shape",
    where: { file: path },
    what: `${printable(url)} is not what it is wanted as: one file, or one folder`,
    hint: "write the path of the file or folder itself, not of a link to it, and say which of the two it is",
  };
}
