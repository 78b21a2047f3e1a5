// Files in memory fail and lose power when told, and what is left is what a real disk could have left.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { MemoryFiles, PowerCut } from "../../support/memory-files.ts";

const text = (words: string): Buffer => Buffer.from(words);

/** An atomic replacement, the way a careful program does it. */
async function replace(files: MemoryFiles, path: string, words: string): Promise<void> {
  await files.create(`${path}.new`, text(words), { mode: 0o644 });
  files.rename(`${path}.new`, path);
  await files.syncDirectory("/etc");
}

function scene(): MemoryFiles {
  const files = new MemoryFiles();
  files.put("/etc/motd", "old", { mode: 0o640, uid: 7 });
  return files;
}

test("the n-th changing call fails as told, changes nothing, and the next one works", async () => {
  const files = scene();
  files.failAt(2, "ENOSPC");
  files.unlink("/etc/motd");
  await expect(files.create("/etc/a", text("x"), { mode: 0o600 })).rejects.toMatchObject({
    code: "ENOSPC",
    operation: "create",
    path: "/etc/a",
  });
  expect(files.list("/etc")).toEqual([]);
  await files.create("/etc/a", text("x"), { mode: 0o600 });
  expect(files.mutations).toBe(3);
});

test("setting the scene and looking are not changes", async () => {
  const files = scene();
  files.stat("/etc/motd");
  await files.read("/etc/motd");
  expect(files.mutations).toBe(0);
});

test("after the power is gone nothing answers", async () => {
  const files = scene();
  files.cutPowerAt(1);
  expect(() => files.unlink("/etc/motd")).toThrow(PowerCut);
  expect(() => files.stat("/etc/motd")).toThrow(PowerCut);
  expect(() => files.stats(["/etc/motd"])).toThrow(PowerCut);
  await expect(files.read("/etc/motd")).rejects.toThrow(PowerCut);
  await expect(files.append("/etc/motd", text("x"))).rejects.toThrow(PowerCut);
});

describe("after a power cut", () => {
  test("what was put there and what was synced is there, with its permissions", async () => {
    const files = scene();
    await replace(files, "/etc/issue", "hello");
    const before = files.snapshot();
    expect(files.afterPowerCut().snapshot()).toEqual(before);
    expect(files.afterPowerCut(() => 0).snapshot()).toEqual(before);
  });

  test("without a chance, what was not synced is not there", async () => {
    const files = scene();
    const before = files.snapshot();
    await files.create("/etc/a", text("x"), { mode: 0o600 });
    files.makeDirectory("/etc/d", {});
    files.link("/etc/motd", "/etc/b");
    files.rename("/etc/motd", "/etc/c");
    expect(files.afterPowerCut().snapshot()).toEqual(before);
  });

  test("a synced directory that is not named on disk is lost with all that is in it", async () => {
    const files = scene();
    files.makeDirectory("/etc/d", {});
    await files.create("/etc/d/a", text("x"), { mode: 0o600 });
    await files.syncDirectory("/etc/d");
    expect(files.afterPowerCut().stat("/etc/d")).toBeUndefined();
    await files.syncDirectory("/etc");
    expect(await files.afterPowerCut().read("/etc/d/a")).toEqual(text("x"));
  });

  test("two names of one inode are still two names of one inode", async () => {
    const files = scene();
    files.link("/etc/motd", "/etc/b");
    await files.syncDirectory("/etc");
    const after = files.afterPowerCut();
    expect(after.stat("/etc/b")).toEqual(after.stat("/etc/motd"));
    expect(after.stat("/etc/b")?.nlink).toBe(2);
  });

  test("unsynced changes come in any combination when reordered, in their order when ordered", () => {
    const seen = { ordered: new Set<string>(), reordered: new Set<string>() };
    for (const survival of ["ordered", "reordered"] as const) {
      for (let n = 0; n < 200; n++) {
        const files = scene();
        files.makeDirectory("/etc/1", {});
        files.makeDirectory("/etc/2", {});
        files.unlink("/etc/motd");
        const after = files.afterPowerCut(chance(n), survival);
        seen[survival].add(after.list("/etc").sort().join(" "));
      }
    }
    expect([...seen.ordered].sort()).toEqual(["1 2", "1 2 motd", "1 motd", "motd"]);
    expect(seen.reordered.size).toBe(8);
  });

  test("a rename within a directory is whole, one between directories may leave both names or none", async () => {
    const within = new Set<string>();
    const between = new Set<string>();
    for (let n = 0; n < 100; n++) {
      const files = scene();
      files.putDirectory("/srv");
      files.rename("/etc/motd", "/etc/issue");
      within.add(files.afterPowerCut(chance(n)).list("/etc").join());
      files.rename("/etc/issue", "/etc/motd");
      await files.syncDirectory("/etc");
      files.rename("/etc/motd", "/srv/motd");
      const after = files.afterPowerCut(chance(n));
      between.add(`${after.list("/etc").join()}|${after.list("/srv").join()}`);
    }
    expect([...within].sort()).toEqual(["issue", "motd"]);
    expect([...between].sort()).toEqual(["motd|", "motd|motd", "|", "|motd"]);
  });

  test("an interrupted append is torn between sectors, one that resolved is whole", async () => {
    const lengths = new Set<number>();
    for (let n = 0; n < 100; n++) {
      const files = scene();
      files.put("/journal", Buffer.alloc(100, "a"));
      await files.append("/journal", Buffer.alloc(100, "b"));
      files.cutPowerAt(2);
      await expect(files.append("/journal", Buffer.alloc(1000, "c"))).rejects.toThrow(PowerCut);
      lengths.add((await files.afterPowerCut(chance(n)).read("/journal")).length);
    }
    expect([...lengths].sort((a, b) => a - b)).toEqual([200, 512, 1024, 1200]);
  });

  test("an interrupted create may leave half a file with 0600, never one with its final mode", async () => {
    const seen = new Set<string>();
    for (let n = 0; n < 100; n++) {
      const files = scene();
      files.cutPowerAt(1);
      await expect(files.create("/etc/a", Buffer.alloc(600), { mode: 0o644 })).rejects.toThrow(PowerCut);
      const stat = files.afterPowerCut(chance(n)).stat("/etc/a");
      seen.add(stat === undefined ? "nothing" : `${stat.size} ${stat.mode.toString(8)}`);
    }
    expect([...seen].sort()).toEqual(["0 600", "512 600", "600 600", "nothing"]);
  });

  test("a careful replacement is the old file or the new one, wherever the power goes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), fc.nat(), fc.boolean(), async (n, seed, ordered) => {
        const files = scene();
        files.cutPowerAt(n);
        const done = await replace(files, "/etc/motd", "new").then(
          () => true,
          () => false,
        );
        const after = files.afterPowerCut(chance(seed), ordered ? "ordered" : "reordered");
        const words = (await after.read("/etc/motd")).toString();
        expect(done ? ["new"] : ["old", "new"]).toContain(words);
      }),
    );
  });

  test("a replacement that forgets to sync its directory is caught", async () => {
    const files = scene();
    await files.create("/etc/motd.new", text("new"), { mode: 0o644 });
    files.rename("/etc/motd.new", "/etc/motd");
    expect((await files.afterPowerCut().read("/etc/motd")).toString()).toBe("old");
  });
});

test("a snapshot is plain and tells type, permissions, content and attributes", () => {
  const files = scene();
  files.putLink("/etc/link", "motd");
  files.putSpecial("/etc/pipe");
  files.putAttribute("/etc/motd", "user.a", "1");
  expect(files.snapshot()).toEqual({
    "/": { type: "directory", mode: 0o755, uid: 0, gid: 0 },
    "/etc": { type: "directory", mode: 0o755, uid: 0, gid: 0 },
    "/etc/link": { type: "symlink", mode: 0o777, uid: 0, gid: 0, target: "motd" },
    "/etc/motd": {
      type: "regular",
      mode: 0o640,
      uid: 7,
      gid: 0,
      digest: "cba06b5736faf67e54b07b561eae94395e774c517a7d910a54369e1263ccfbd4",
      attributes: { "user.a": "1" },
    },
    "/etc/pipe": { type: "special", mode: 0o600, uid: 0, gid: 0 },
  });
});

test("attributes go along, and mode and owner with them, as cp does it", async () => {
  const files = scene();
  files.putAttribute("/etc/motd", "system.posix_acl_access", "user:12345:rw-");
  await files.create("/etc/new", text("new"), { mode: 0o600 });
  await files.copyAttributes("/etc/motd", "/etc/new");
  expect(files.snapshot()["/etc/new"]).toMatchObject({
    mode: 0o640,
    uid: 7,
    attributes: { "system.posix_acl_access": "user:12345:rw-" },
  });
});

/** A repeatable chance: the same seed gives the same numbers. */
function chance(seed: number): () => number {
  let state = (seed + 1) * 2654435761;
  return () => {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    return state / 2 ** 32;
  };
}
