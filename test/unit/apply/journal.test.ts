// A journal as a real run left it, damaged in every way: it is read right, or set aside, and nothing wrong is walked back.
import { beforeAll, describe, expect, test } from "@jest/globals";
import { readJournal } from "../../../reconciler/apply/journal.ts";
import { MemoryFiles, PowerCut } from "../../support/memory-files.ts";
import { chanceOf, MemorySchool } from "../../support/memory-school.ts";
import { wish } from "../../support/wishes.ts";

const JOURNAL = "/var/lib/reconciler/journal.log";
const OLD = wish({ "/etc/one": "old\n", "/etc/gone": "old\n", "/etc/mode": { content: "same\n", mode: 0o600 } });
const NEW = wish({ "/etc/one": "new\n", "/etc/new": "new\n", "/etc/mode": { content: "same\n", mode: 0o644 } });

interface Cut {
  /** Comes up again with the journal open. */
  readonly school: MemorySchool;
  readonly journal: Buffer;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The power goes just after the verdict is on disk, or just before. */
async function cutAtVerdict(isKept: boolean): Promise<Cut> {
  const start = new MemorySchool();
  await start.run(OLD);
  const before = start.tree();
  const whole = start.afterPowerCut();
  await whole.run(NEW);
  for (let n = 1; ; n++) {
    const cut = start.afterPowerCut();
    cut.disk.cutPowerAt(n);
    await cut.run(NEW).catch((error: unknown) => {
      if (!(error instanceof PowerCut)) throw error;
    });
    const school = cut.afterPowerCut(chanceOf(n));
    const journal = school.disk.stat(JOURNAL) === undefined ? Buffer.alloc(0) : await school.disk.read(JOURNAL);
    const hasVerdict = journal.includes("verdict");
    const isDone = journal.includes('"done"');
    if (isDone && hasVerdict === isKept) return { school, journal, before, after: whole.tree() };
  }
}

function journalOf(bytes: Buffer): MemoryFiles {
  const files = new MemoryFiles();
  files.put("/journal.log", bytes);
  return files;
}

function* flips(bytes: Buffer): Iterable<{ at: number; damaged: Buffer }> {
  for (let at = 0; at < bytes.length; at++) {
    for (const mask of [0x01, 0x20, 0xff]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (bytes[at] ?? 0) ^ mask;
      yield { at, damaged };
    }
  }
}

describe.each([true, false])("the journal of a run that was cut, kept: %s", (isKept) => {
  let cut: Cut;

  beforeAll(async () => {
    cut = await cutAtVerdict(isKept);
  });

  test("is read whole", async () => {
    const { journal } = cut;
    const { open, problems } = await readJournal(journalOf(journal));
    expect(problems).toEqual([]);
    expect(open).toMatchObject({ keep: isKept, intent: { type: "intent", steps: { length: 4 } } });
  });

  test("with any byte flipped tells the same: neither the intent nor the verdict is ever lost", async () => {
    const { journal } = cut;
    const { open: whole } = await readJournal(journalOf(journal));
    for (const { damaged } of flips(journal)) {
      const { open, problems } = await readJournal(journalOf(damaged));
      expect(problems).toMatchObject([{ code: "journal-damaged", where: { file: "journal.log" } }]);
      // That everything was made may be lost: walking it back is right as well.
      expect(open).toEqual({ ...whole, made: open?.made, atWork: open?.atWork });
    }
  });

  test("cut off anywhere has the whole intent or is set aside; it counts as kept only with a verdict in it", async () => {
    const { journal } = cut;
    const { open: whole } = await readJournal(journalOf(journal));
    for (let length = 0; length < journal.length; length++) {
      const part = journal.subarray(0, length);
      const { open, problems } = await readJournal(journalOf(part));
      expect(open === undefined ? problems.length : 0).toBe(open === undefined ? 1 : 0);
      if (open !== undefined) expect(open.intent).toEqual(whole?.intent);
      const verdicts = part.toString("latin1").match(/\{"type":"verdict","keep":true\}\n/gu) ?? [];
      expect(open?.keep ?? false).toBe(verdicts.length > 0);
    }
  });

  test("damaged or not never makes a recovery mix the trees, or walk back what was kept", async () => {
    const { school, journal, before, after } = cut;
    for (const { at, damaged } of flips(journal)) {
      if (at % 7 !== 0) continue;
      const again = school.afterPowerCut();
      again.disk.put(JOURNAL, damaged);
      await again.recover();
      const tree = again.tree().filter((line) => !line.includes("/.reconciler-"));
      expect(tree).toEqual(isKept ? after : before);
    }
  });
});

test("a journal that was only begun is nothing to undo", async () => {
  const files = new MemoryFiles();
  files.put("/journal.log.new~", "1095 a32f");
  expect(await readJournal(files)).toEqual({ problems: [] });
  expect(files.list("/")).toEqual([]);
});
