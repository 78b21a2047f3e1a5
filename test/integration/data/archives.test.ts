// Real archives, from tar and zip themselves, some of them made to do harm.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { bytesOf, DataWeb } from "../../support/data-web.ts";
import { DataFolder } from "../../support/data-folder.ts";
import type { DataWish } from "../../support/data-school.ts";
import { hasPrograms } from "../../support/needs.ts";

let folder: DataFolder;
let web: DataWeb;
let source: string;

beforeEach(async () => {
  folder = new DataFolder();
  source = folder.write("source", { "a/one": "1", "a/two words": "2", "ünï\ncode": "3" });
  web = await new DataWeb(bytesOf("")).open();
});

afterEach(async () => {
  await web.close();
  folder.close();
});

const PLAIN = { "a/one": "1", "a/two words": "2", "ünï\ncode": "3" };

/** Serves what a program packs in the source folder. */
function pack(program: string, ...argv: string[]): void {
  execFileSync(program, argv, { cwd: source, stdio: "ignore" });
  web.content = bytesOf(readFileSync(archive(program)));
}

function wish(unpack: "tar" | "zip" = "tar", more: Partial<DataWish["supply"]> = {}): DataWish {
  return { supply: { source: { type: "http", url: web.url(), digest: web.content.digest() }, unpack, ...more } };
}

const archive = (type = "tar"): string => folder.path(`archive.${type}`);

describe("unpacked is", () => {
  test.each<["tar" | "zip", string, readonly string[]]>([
    ["tar", "tar", ["-cf"]],
    ["tar", "gz", ["-czf"]],
    ["tar", "xz", ["-cJf"]],
    ["tar", "zst", ["--zstd", "-cf"]],
    ["zip", "zip", ["-qry"]],
  ])("%s (%s)", async (type, _, options) => {
    if (!hasPrograms("tar", "xz", "zstd", "zip", "unzip")) return;
    // unzip leaves out what is not printable in a name.
    if (type === "zip") rmSync(join(source, "ünï\ncode"));
    const plain = type === "zip" ? { "a/one": "1", "a/two words": "2" } : PLAIN;
    symlinkSync("a/one", join(source, "link"));
    chmodSync(join(source, "a/one"), 0o750);
    pack(type, ...options, archive(type), ".");
    const wishes = { "/srv/books": wish(type) };
    expect(await folder.school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
    expect(folder.tree("srv/books")).toEqual({ ...plain, link: "-> a/one" });
    const one = statSync(join(folder.root, "srv/books/a/one"));
    expect([one.mode & 0o7777, one.uid]).toEqual([0o750, process.geteuid?.()]);
    expect(folder.left()).toEqual([]);
    // What is in an archive is known from then on, without asking.
    const asked = web.requests.length;
    expect(await folder.school.run(wishes)).toMatchObject({ changes: 0, problems: [] });
    expect(await folder.reopened().run(wishes)).toMatchObject({ changes: 0, problems: [] });
    expect(web.requests).toHaveLength(asked);
  });

  test("hard links inside it", async () => {
    if (!hasPrograms("tar")) return;
    linkSync(join(source, "a/one"), join(source, "same"));
    pack("tar", "-cf", archive(), ".");
    expect((await folder.school.run({ "/srv/books": wish() })).problems).toEqual([]);
    expect(folder.tree("srv/books")).toEqual({ ...PLAIN, same: "1" });
  });
});

test("a tree that was spoiled is put right; the archive comes again for that", async () => {
  if (!hasPrograms("tar")) return;
  pack("tar", "-cf", archive(), ".");
  const wishes = { "/srv/books": wish() };
  await folder.school.run(wishes);
  folder.write("root/srv/books", { "a/one": "spoiled" });
  expect(await folder.school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/books")).toEqual(PLAIN);
});

test("the next archive takes the place of the one before, and a verdict against it brings that back", async () => {
  if (!hasPrograms("tar")) return;
  pack("tar", "-cf", archive(), ".");
  await folder.school.run({ "/srv/books": wish() });
  folder.write("source", { "a/one": "ONE" });
  pack("tar", "-cf", archive(), ".");
  expect(await folder.school.run({ "/srv/books": wish() }, { verdict: "back" })).toMatchObject({
    changes: 1,
    problems: [],
  });
  expect(folder.tree("srv/books")).toEqual(PLAIN);
  expect(await folder.school.run({ "/srv/books": wish() })).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/books")).toEqual({ ...PLAIN, "a/one": "ONE" });
});

/** Nothing of it came here, neither where it was wanted nor where it wanted to be. */
async function refused(wished: DataWish, code = "data-refused-content"): Promise<void> {
  const run = await folder.school.run({ "/srv/books": wished });
  expect(run).toMatchObject({ changes: 0, codes: [code, "data-unavailable"] });
  expect(existsSync(join(folder.root, "srv/books"))).toBe(false);
  expect(existsSync(folder.path("evil"))).toBe(false);
  const left = folder.left().flatMap((name) => Object.keys(folder.tree(`srv/${name}`)));
  expect(left.filter((name) => !name.startsWith("download-"))).toEqual([]);
}

describe("refused is a tar with", () => {
  test.each<[string, () => void]>([
    ["an absolute path", () => pack("tar", "-cPf", archive(), join(source, "a/one"))],
    ["a way out by ..", () => pack("tar", "-cPf", archive(), "--transform=s,^a/one,../../evil,", "a/one")],
    [
      "a link that leads out",
      () => {
        symlinkSync("/etc", join(source, "l"));
        pack("tar", "-cf", archive(), ".");
      },
    ],
    [
      "a link that climbs out",
      () => {
        symlinkSync("../../..", join(source, "l"));
        pack("tar", "-cf", archive(), ".");
      },
    ],
    [
      "a pipe",
      () => {
        execFileSync("mkfifo", [join(source, "p")]);
        pack("tar", "-cf", archive(), ".");
      },
    ],
    [
      "a set-user-id bit",
      () => {
        chmodSync(join(source, "a/one"), 0o4755);
        pack("tar", "-cf", archive(), ".");
      },
    ],
    [
      "a file that goes through a link",
      () => {
        symlinkSync("a", join(source, "l"));
        mkdirSync(join(source, "z"));
        folder.write("source/z", { evil: "x" });
        pack("tar", "-cf", archive(), "--transform=s,^z/evil,l/evil,", "l", "z/evil");
      },
    ],
  ])("%s", async (_, make) => {
    if (!hasPrograms("tar")) return;
    make();
    await refused(wish());
  });

  test("more bytes than it may have, however small it comes", async () => {
    if (!hasPrograms("tar")) return;
    folder.write("source", { zeros: Buffer.alloc(3_000_000) });
    pack("tar", "-czf", archive(), ".");
    await refused(wish("tar", { maxBytes: 1_000_000 }));
  });

  test("bytes that are no archive", async () => {
    if (!hasPrograms("tar")) return;
    web.content = bytesOf("no archive at all".repeat(100));
    await refused(wish(), "data-archive");
  });

  test("its end missing", async () => {
    if (!hasPrograms("tar")) return;
    pack("tar", "-czf", archive(), ".");
    web.content = bytesOf(readFileSync(archive()).subarray(0, 150));
    await refused(wish(), "data-archive");
  });
});

describe("refused is a zip with", () => {
  /** One entry, stored; names that zip(1) itself would never write. */
  function zipOf(name: string, content: string, mode = 0o100644): Buffer {
    const [path, bytes] = [Buffer.from(name), Buffer.from(content)];
    const common = Buffer.alloc(26);
    common.writeUInt16LE(10, 0);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), common, path, bytes]);
    const attributes = Buffer.alloc(14);
    attributes.writeUInt32LE((mode << 16) >>> 0, 6);
    const central = Buffer.concat([Buffer.from("PK\x01\x02\x1e\x03"), common, attributes, path]);
    const end = Buffer.alloc(18);
    end.writeUInt16LE(1, 4);
    end.writeUInt16LE(1, 6);
    end.writeUInt32LE(central.length, 8);
    end.writeUInt32LE(local.length, 12);
    return Buffer.concat([local, central, Buffer.from("PK\x05\x06"), end]);
  }

  function crc32(bytes: Buffer): number {
    let crc = ~0;
    for (const byte of bytes) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    }
    return ~crc >>> 0;
  }

  test("nothing, for a plain one made by hand is taken", async () => {
    if (!hasPrograms("unzip")) return;
    web.content = bytesOf(zipOf("plain", "x"));
    expect((await folder.school.run({ "/srv/books": wish("zip") })).problems).toEqual([]);
    expect(folder.tree("srv/books")).toEqual({ plain: "x" });
  });

  test.each([
    ["an absolute path", "/tmp/evil", "x", 0o100644],
    ["a way out by ..", "../../evil", "x", 0o100644],
    ["a link that leads out", "l", "/etc", 0o120777],
    ["a set-user-id bit", "su", "x", 0o104755],
  ])("%s", async (_, name, content, mode) => {
    if (!hasPrograms("unzip")) return;
    web.content = bytesOf(zipOf(name, content, mode));
    await refused(wish("zip"));
  });

  test("bytes that are no archive", async () => {
    if (!hasPrograms("unzip")) return;
    web.content = bytesOf("no archive at all".repeat(100));
    await refused(wish("zip"), "data-archive");
  });
});
