// The way back of changes of accounts: after a cut at any step, repeated, and with somebody else at work.
import { describe, expect, test } from "@jest/globals";
import { chanceOf } from "../../../support/memory-school.ts";
import {
  group,
  memoryEtc,
  memoryMachine,
  NONE,
  perform,
  release,
  service,
  stepsOf,
  undo,
  user,
} from "../../../support/accounts.ts";
import { PowerCut, type MemoryFiles, type Snapshot } from "../../../support/memory-files.ts";

const STEPS = stepsOf();

async function endsBeforeCut(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof PowerCut) return false;
    throw error;
  }
}

/** With times and inodes: what comes back is the old file itself. */
function exactly(files: MemoryFiles): unknown {
  const lines = Object.entries(files.snapshot()).filter(([, { type }]) => type === "regular");
  return lines.map(([path, entry]) => [path, entry, files.stat(path)?.stamp.ino, files.stat(path)?.stamp.mtimeMs]);
}

describe("taking back", () => {
  test("gives back exactly what was there, the files themselves, and may be repeated", async () => {
    const files = memoryEtc();
    const machine = memoryMachine(files);
    const before = exactly(files);
    expect(await perform(machine, STEPS)).toEqual([]);
    expect(exactly(files)).not.toEqual(before);
    for (let time = 0; time < 3; time++) expect(await undo(machine, STEPS)).toEqual([]);
    expect(await release(machine, STEPS)).toEqual([]);
    expect(exactly(files)).toEqual(before);
  });

  test("needs no room on the disk", async () => {
    const files = memoryEtc();
    const machine = memoryMachine(files);
    const before = exactly(files);
    await perform(machine, STEPS);
    const create = files.create.bind(files);
    files.create = async (path, bytes, permissions) => {
      expect(path).toBe("/etc/.reconciler-accounts.lock~");
      return create(path, bytes, permissions);
    };
    expect(await undo(machine, STEPS)).toEqual([]);
    await release(machine, STEPS);
    expect(exactly(files)).toEqual(before);
  });

  test("of a run that is kept is let go of, without a trace", async () => {
    const files = memoryEtc();
    const machine = memoryMachine(files);
    await perform(machine, STEPS);
    await release(machine, STEPS);
    expect(files.list("/etc").sort()).toEqual(["group", "gshadow", "passwd", "shadow"]);
  });
});

test("for every step n: the power goes there, and walking back gives exactly what was there", async () => {
  const before = memoryEtc().snapshot();
  const cuts = await sweep(async (n) => {
    const files = memoryEtc();
    files.cutPowerAt(n);
    return { files, isOver: await endsBeforeCut(() => perform(memoryMachine(files), STEPS)) };
  }, before);
  expect(cuts).toBeGreaterThan(100);
});

test("for every step m of walking back: the power goes there as well, and the next one ends it", async () => {
  const before = memoryEtc().snapshot();
  const cuts = await sweep(async (m) => {
    const files = memoryEtc();
    await perform(memoryMachine(files), STEPS);
    files.cutPowerAt(files.mutations + m);
    const isOver = await endsBeforeCut(async () => {
      await undo(memoryMachine(files), STEPS);
      await release(memoryMachine(files), STEPS);
    });
    return { files, isOver };
  }, before);
  expect(cuts).toBeGreaterThan(100);
});

/** After each cut: without what was not synced, and with some of it as chance has it. */
async function sweep(
  cutAt: (n: number) => Promise<{ files: MemoryFiles; isOver: boolean }>,
  before: Snapshot,
): Promise<number> {
  for (let n = 1, cuts = 0; ; n++) {
    for (const seed of [undefined, 1, 2, 3, 4]) {
      const { files, isOver } = await cutAt(n);
      if (isOver) return cuts;
      cuts++;
      const after = files.afterPowerCut(seed === undefined ? undefined : chanceOf(n * 100 + seed));
      expect(await undo(memoryMachine(after), STEPS)).toEqual([]);
      await release(memoryMachine(after), STEPS);
      expect(after.snapshot()).toEqual(before);
    }
  }
}

test("for every step n: the disk fails there, and nothing is half done", async () => {
  const before = memoryEtc().snapshot();
  let n = 1;
  for (; ; n++) {
    const files = memoryEtc();
    files.failAt(n, "ENOSPC");
    const machine = memoryMachine(files);
    const problems = await perform(machine, STEPS);
    if (problems.length === 0) break;
    expect(problems).toMatchObject([{ code: "file-enospc" }]);
    expect(await undo(machine, STEPS)).toEqual([]);
    await release(machine, STEPS);
    expect(files.snapshot()).toEqual(before);
  }
  expect(n).toBeGreaterThan(20);
});

describe("what somebody else did meanwhile stays", () => {
  async function walkedBack(act: (files: MemoryFiles) => Promise<void>) {
    const files = memoryEtc();
    const machine = memoryMachine(files);
    await perform(machine, STEPS);
    await act(files);
    const problems = await undo(machine, STEPS);
    expect(await undo(machine, STEPS)).toEqual(problems);
    await release(machine, STEPS);
    const text = async (path: string): Promise<string> => (await files.read(path)).toString("latin1");
    return { problems, text };
  }

  async function edit(files: MemoryFiles, path: string, change: (text: string) => string): Promise<void> {
    files.put(path, Buffer.from(change((await files.read(path)).toString("latin1")), "latin1"));
  }

  test("an account that a package brought", async () => {
    const { problems, text } = await walkedBack(async (files) => {
      await edit(files, "/etc/passwd", (passwd) => `${passwd}ntp:x:180:180::/:/bin/false\n`);
      await edit(files, "/etc/group", (groups) => `${groups}ntp:x:180:\n`);
    });
    expect(problems).toEqual([]);
    const original = memoryEtc();
    expect(await text("/etc/passwd")).toBe(
      `${(await original.read("/etc/passwd")).toString("latin1")}ntp:x:180:180::/:/bin/false\n`,
    );
    expect(await text("/etc/group")).toBe(`${(await original.read("/etc/group")).toString("latin1")}ntp:x:180:\n`);
  });

  test("another shell for a user that we made, and it is told", async () => {
    const { problems, text } = await walkedBack((files) =>
      edit(files, "/etc/passwd", (passwd) => passwd.replace(/^(kiwix:.*):[^:\n]*$/mu, "$1:/bin/bash")),
    );
    expect(problems).toMatchObject([{ code: "left-in-place", where: { file: "/etc/passwd", key: "kiwix" } }]);
    expect(await text("/etc/passwd")).toContain("/bin/bash\n");
    expect(await text("/etc/shadow")).not.toContain("kiwix");
  });

  test("another member of a group that we only joined", async () => {
    const { problems, text } = await walkedBack((files) =>
      edit(files, "/etc/group", (groups) => groups.replace(/^(adm:.*)$/mu, "$1,ntp")),
    );
    expect(problems).toEqual([]);
    expect(await text("/etc/group")).toContain("adm:x:4:old,teacher,ntp\n");
  });

  test("a file that moves in the very moment it is to be replaced is not replaced", async () => {
    const files = memoryEtc();
    const create = files.create.bind(files);
    files.create = async (path, bytes, permissions) => {
      await create(path, bytes, permissions);
      if (path.endsWith(".passwd.new~")) await edit(files, "/etc/passwd", (passwd) => `${passwd}# by hand\n`);
    };
    const machine = memoryMachine(files);
    const steps = stepsOf([user("kiwix", NONE, service(310, "daemon")), group("kiwix", NONE, 300)]);
    expect(await perform(machine, steps)).toMatchObject([{ code: "moved", where: { file: "/etc/passwd" } }]);
    expect(await undo(machine, steps)).toEqual([]);
    await release(machine, steps);
    expect((await files.read("/etc/passwd")).toString("latin1")).toContain("# by hand\n");
    expect(files.list("/etc").sort()).toEqual(["group", "gshadow", "passwd", "shadow"]);
  });
});
