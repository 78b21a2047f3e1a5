import { describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { digestOfListing } from "../../../../reconciler/resources/data/listing.ts";
import { knownLook, lookOf } from "../../../../reconciler/resources/data/known-look.ts";
import {
  formatManifest,
  loadManifest,
  NOTHING_KNOWN,
  parseManifest,
  readEntries,
  restamped,
  saveManifest,
} from "../../../../reconciler/resources/data/manifest.ts";
import { entriesOf, fingerprintOf, walkBelow } from "../../../../reconciler/resources/data/walk.ts";
import type { DataEntry } from "../../../../reconciler/model/target.ts";
import type { MachineReader } from "../../../../reconciler/machine/machine.ts";
import { memoryMachine } from "../../../support/data-machine.ts";
import { MemoryFiles } from "../../../support/memory-files.ts";

function tree(): { files: MemoryFiles; machine: MachineReader; read: string[] } {
  const files = new MemoryFiles();
  files.put("/lib/a", "one");
  files.put("/lib/sub/b\nc", "two", { mode: 0o640 });
  files.putLink("/lib/link", "a");
  const read: string[] = [];
  const digest = files.digest.bind(files);
  files.digest = (path) => {
    read.push(path);
    return digest(path);
  };
  return { files, machine: memoryMachine(files), read };
}

async function look(machine: MachineReader, manifest = NOTHING_KNOWN, exact = true) {
  const entries = entriesOf(await walkBelow(machine, "/lib"), "/lib");
  const { listing, ...rest } = await readEntries(machine.files, "/lib", entries, { manifest, exact });
  return { digest: digestOfListing(listing), listing, ...rest };
}

describe("the digest of a tree", () => {
  const entries: DataEntry[] = [
    { path: "b", type: "regular", mode: 0o644, digest: "d1", size: 1 },
    { path: "a", type: "directory", mode: 0o755 },
    { path: "a/l", type: "symlink", mode: 0o777, target: "../b" },
  ];

  test("does not depend on the order of its entries, nor on the mode of a link", () => {
    const others = entries.toReversed().map((each) => (each.type === "symlink" ? { ...each, mode: 0 } : each));
    expect(digestOfListing(others)).toBe(digestOfListing(entries));
  });

  test.each<[string, Partial<DataEntry>]>([
    ["content", { digest: "d2" }],
    ["mode", { mode: 0o600 }],
    ["name", { path: "c" }],
  ])("is another one when a %s is", (_, change) => {
    const changed = entries.map((each) => (each.path === "b" ? { ...each, ...change } : each));
    expect(digestOfListing(changed)).not.toBe(digestOfListing(entries));
  });

  test("of one file is that of its bytes", () => {
    expect(digestOfListing([{ path: "", type: "regular", mode: 0o644, digest: "d1" }])).toBe("d1");
  });

  test("is the same whether it is written in the repository or seen on the machine", async () => {
    const { machine } = tree();
    const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
    const listing: DataEntry[] = [
      { path: "a", type: "regular", mode: 0o644, digest: sha("one"), size: 3 },
      { path: "link", type: "symlink", mode: 0o777, target: "a" },
      { path: "sub", type: "directory", mode: 0o755 },
      { path: "sub/b\nc", type: "regular", mode: 0o640, digest: sha("two"), size: 3 },
    ];
    expect((await look(machine)).digest).toBe(digestOfListing(listing));
  });
});

describe("what was read once", () => {
  test("is not read again while nothing moved, and survives the store", async () => {
    const { machine, read } = tree();
    const first = await look(machine);
    expect(read.splice(0)).toEqual(["/lib/a", "/lib/sub/b\nc"]);
    const again = await look(machine, parseManifest(formatManifest(first.manifest)));
    expect([again.digest, read]).toEqual([first.digest, []]);
  });

  test("is read again where something moved, and only there", async () => {
    const { files, machine, read } = tree();
    const first = await look(machine);
    read.splice(0);
    files.put("/lib/a", "ONE");
    const again = await look(machine, first.manifest);
    expect(read).toEqual(["/lib/a"]);
    expect(again.digest).not.toBe(first.digest);
  });

  test("is read again when it only got another name, unless that name was ours", async () => {
    const { files, machine, read } = tree();
    const first = await look(machine);
    files.link("/lib/a", "/beside");
    read.splice(0);
    await look(machine, first.manifest);
    expect(read.splice(0)).toEqual(["/lib/a"]);
    await look(machine, first.manifest, false);
    expect(read).toEqual([]);
    const entries = entriesOf(await walkBelow(machine, "/lib"), "/lib");
    await look(machine, restamped(first.manifest, entries));
    expect(read).toEqual([]);
  });
});

describe("a whole tree that looks as it did", () => {
  const DIGEST = "d".repeat(64);

  async function known() {
    const { files, machine } = tree();
    const store = { files, hostPath: (path: string): string => path };
    const walk = async () => walkBelow(machine, "/lib");
    const before = await walk();
    const { manifest } = await look(machine);
    await saveManifest(files, "/lib", DIGEST, manifest, lookOf(before, entriesOf(before, "/lib")));
    return { files, manifest, store, isKnown: async () => knownLook(store, "/lib", DIGEST, await walk()) };
  }

  test("is known by that, with the time at which anything about it moved last", async () => {
    const { files, isKnown, manifest, store } = await known();
    const inside = ["/lib/a", "/lib/sub", "/lib/sub/b\nc", "/lib/link", "/lib"];
    const newest = Math.max(...inside.map((path) => files.stat(path)?.stamp.ctimeMs ?? 0)) / 1000;
    expect(await isKnown()).toEqual({ newest });
    expect(await loadManifest(store, "/lib", DIGEST)).toEqual(manifest);
  });

  test("also under another name and another mode of its own", async () => {
    const { files, isKnown } = await known();
    files.setPermissions("/lib", { mode: 0o700 });
    expect(await isKnown()).toEqual({ newest: (files.stat("/lib")?.stamp.ctimeMs ?? 0) / 1000 });
  });

  test.each<[string, (files: MemoryFiles) => void]>([
    ["the bytes of a file", (files) => files.put("/lib/a", "ONE")],
    ["the mode of a folder", (files) => files.setPermissions("/lib/sub", { mode: 0o700 })],
    ["a name more", (files) => files.put("/lib/more", "")],
    ["a name less", (files) => files.unlink("/lib/link")],
    ["a second name elsewhere", (files) => files.link("/lib/a", "/beside")],
  ])("is not known any more after a change of %s", async (_, change) => {
    const { files, isKnown } = await known();
    change(files);
    expect(await isKnown()).toBeUndefined();
  });

  test("is not known where it was never seen as a whole", async () => {
    const { files, store, manifest, isKnown } = await known();
    await saveManifest(files, "/lib", DIGEST, manifest);
    expect(await isKnown()).toBeUndefined();
    expect(await loadManifest(store, "/lib", DIGEST)).toEqual(manifest);
  });
});

test("a walk has the same fingerprint until something moves", async () => {
  const { files, machine } = tree();
  const before = fingerprintOf(await walkBelow(machine, "/lib"));
  expect(fingerprintOf(await walkBelow(machine, "/lib"))).toBe(before);
  files.setPermissions("/lib/sub", { mode: 0o700 });
  expect(fingerprintOf(await walkBelow(machine, "/lib"))).not.toBe(before);
});

test("a name that is no text is refused in words, not taken for another", () => {
  expect(() => entriesOf(Buffer.from([0x66, 0, 0xff, 0]), "/lib")).toThrow("EILSEQ");
});
