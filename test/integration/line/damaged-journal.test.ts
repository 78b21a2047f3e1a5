// A journal that a real run left, damaged in every way: it is noticed and named, what is left of it is read right, and the
// tree ends as the old one or the new one.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readJournal, type OpenJournal } from "../../../reconciler/apply/journal.ts";
import type { Ground } from "../../../reconciler/ground.ts";
import { recoverOpenRun } from "../../../reconciler/recovering.ts";
import { frame } from "../../../reconciler/state/frame.ts";
import { loadLedger } from "../../../reconciler/state/ledger.ts";
import { loadMemory } from "../../../reconciler/state/memory.ts";
import { disorders, flips, havoc, truncations, type Damage } from "../../support/damages.ts";
import type { Content } from "../../support/git-forge.ts";
import { MemoryFiles } from "../../support/memory-files.ts";
import { chanceOf } from "../../support/memory-school.ts";
import { PowerSupply } from "../../support/power.ts";
import { tellReliability } from "../../support/reliability-result.ts";
import { SavedSchool } from "../../support/saved-school.ts";
import { School } from "../../support/school.ts";

/** Files, links, folders, an account and a data folder. */
function fleet(text: string, files: object, more: object): Record<string, Content> {
  const always = { "/etc/replaced": { copy: "files/text" }, "/etc/mode": { copy: "files/same", mode: text } };
  const brake = { max_removals: 100, max_share: 1 };
  const health = { greeted: { file: "/etc/replaced", contains: "0", grace_s: 0 } };
  return {
    "fleet.yaml": JSON.stringify({ brake, health, files: { ...always, ...files }, ...more }),
    ...{ "files/text": `${text}\n`, "files/same": "the same\n", "data/books/one.txt": `${text}\n` },
  };
}

const OLD = fleet("0600", { "/etc/removed": { copy: "files/text" }, "/srv/link": { link: "one" } }, {});
const NEW = fleet(
  "0644",
  { "/etc/new": { copy: "files/text" }, "/srv/link": { link: "two" }, "/srv/folder": { directory: true } },
  { accounts: { users: { reader: {} } }, data: { "/srv/books": { copy: "data/books" } } },
);

/** Where the power goes: just after this has been written into the journal. */
const MOMENTS = { "half way": '"begun","steps":[', "waiting for its verdict": '"made"', kept: '"verdict"' } as const;
type Moment = keyof typeof MOMENTS;
const moments = Object.keys(MOMENTS) as readonly Moment[];

let school: School;
let saved: SavedSchool;
let trees: { readonly old: readonly string[]; readonly new: readonly string[] };
const journals = new Map<Moment, Buffer>();

beforeAll(async () => {
  school = await School.open();
  saved = new SavedSchool(school);
  school.put("/etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
  school.put("/etc/group", "root:x:0:\n");
  await school.commit(OLD);
  expect(await school.cycle()).toMatchObject({ result: "changed", problems: [] });
  await school.commit(NEW);
  saved.save("before");
  const old = saved.tree();
  expect(await school.cycle()).toMatchObject({ result: "changed", settled: true, problems: [] });
  trees = { old, new: saved.tree() };
  for (const moment of moments) {
    saved.restore("before");
    await school.cycle(await cutAt(moment));
    journals.set(moment, readFileSync(join(school.state, "journal.log")));
    saved.save(moment);
  }
});

afterAll(() => school.close());

async function cutAt(moment: Moment): Promise<Ground> {
  const ground = await school.ground();
  const power = new PowerSupply();
  const plugged = power.plug(ground.state);
  const append: typeof plugged.append = async (path, bytes) => {
    await plugged.append(path, bytes);
    if (path === "/journal.log" && bytes.includes(MOMENTS[moment])) power.cutAt(moment === "half way" ? 4 : 1);
  };
  const { machine } = ground;
  return { ...ground, machine: { ...machine, files: power.plug(machine.files) }, state: { ...plugged, append } };
}

function journalOf(moment: Moment): Buffer {
  return journals.get(moment) ?? Buffer.alloc(0);
}

function reading(bytes: Buffer): ReturnType<typeof readJournal> {
  const files = new MemoryFiles();
  files.put("/journal.log", bytes);
  return readJournal(files);
}

/** As real recovery ends: which tree it is. What was set aside is left to the next run. */
async function recovered(moment: Moment, bytes: Buffer): Promise<"old" | "new" | "neither"> {
  saved.restore(moment);
  writeFileSync(join(school.state, "journal.log"), bytes);
  const ground = await school.ground();
  const stored = { memory: await loadMemory(ground.state), ledger: await loadLedger(ground.state) };
  const { recovery } = await recoverOpenRun(ground, stored, () => undefined, AbortSignal.timeout(60_000));
  if (recovery === undefined)
    expect(await school.cycle()).toMatchObject({ result: expect.stringMatching(/changed$/u) });
  const tree = saved.tree().join("\n");
  return tree === trees.old.join("\n") ? "old" : tree === trees.new.join("\n") ? "new" : "neither";
}

const named = [{ code: "journal-damaged", where: { file: "journal.log" } }];

/** How a whole journal that was cut here ends. */
const END = { "half way": "old", "waiting for its verdict": "new", kept: "new" } as const;

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const told = { points: 0, recovered: 0, named: 0, plain: 0 };
console.log(`seed ${seed} (SEED=${seed} repeats it)`);

/** Reads each; recovers once for all that read the same, and for one in so many. */
async function tryAll(
  moment: Moment,
  damages: Iterable<Damage>,
  check: (open: OpenJournal | undefined, problems: readonly unknown[], damage: Damage) => void,
): Promise<void> {
  const { open: whole } = await reading(journalOf(moment));
  const intent = JSON.stringify(whole?.intent);
  const read = new Map<string, Damage>();
  let n = 0;
  for (const damage of damages) {
    const { open, problems } = await reading(damage.bytes);
    // Words are made only for what is wrong: there are a hundred thousand of them.
    if (open !== undefined && JSON.stringify(open.intent) !== intent)
      expect([damage.what, open.intent]).toEqual([damage.what, whole?.intent]);
    const [problem, ...others] = problems;
    if (problem !== undefined && (others.length > 0 || problem.code !== "journal-damaged"))
      expect([damage.what, problems]).toEqual([damage.what, named]);
    check(open, problems, damage);
    told.points++;
    told[problems.length > 0 ? "named" : "plain"]++;
    const key = JSON.stringify({ ...open, intent: undefined, none: open === undefined });
    if (!read.has(key) || ++n % 5000 === 0) read.set(read.has(key) ? damage.what : key, damage);
  }
  for (const { what, bytes } of read.values()) {
    told.recovered++;
    const { open } = await reading(bytes);
    const isForward = open === undefined || open.keep || (open.made && !open.back);
    expect([what, await recovered(moment, bytes)]).toEqual([what, isForward ? "new" : "old"]);
  }
}

describe.each(moments)("the journal of a run that was cut %s", (moment) => {
  test("is read whole, and ends well", async () => {
    const { open, problems } = await reading(journalOf(moment));
    expect(problems).toEqual([]);
    expect(open).toMatchObject({ keep: moment === "kept", made: moment !== "half way", back: false });
    expect(new Set(open?.intent.steps.map(({ change }) => change.id.split(":")[0]))).toEqual(
      new Set(["user", "group", "file", "data"]),
    );
    expect(await recovered(moment, journalOf(moment))).toBe(END[moment]);
  });

  test("with any bit of any byte flipped, or a byte replaced, is named, and its intent and verdict still hold", async () => {
    const journal = journalOf(moment);
    await tryAll(moment, flips(journal, moment === "kept"), (open, problems, { what }) => {
      if (problems.length !== 1 || open === undefined || open.keep !== (moment === "kept") || open.back)
        expect([what, problems, open]).toEqual([what, named, "a whole intent"]);
    });
  });

  test("cut off anywhere counts for what is whole of it, and is set aside when that is not even its intent", async () => {
    const journal = journalOf(moment);
    await tryAll(moment, truncations(journal), (open, problems, { what, bytes }) => {
      const text = bytes.toString("latin1");
      const isKept = /\{"type":"verdict","keep":true\}\n/u.test(text);
      const isMade = /\{"type":"made"\}\n/u.test(text);
      const seen = { keep: open?.keep ?? false, made: open?.made ?? false, aside: open === undefined };
      const problemsOfTorn = open === undefined ? 1 : 0;
      if (problems.length !== problemsOfTorn || seen.keep !== isKept || seen.made !== isMade)
        expect([what, seen, problems]).toEqual([what, { ...seen, keep: isKept, made: isMade }, []]);
    });
  });

  test("with its records in any order, or twice, tells the same", async () => {
    const { open: whole } = await reading(journalOf(moment));
    await tryAll(moment, disorders(journalOf(moment), chanceOf(seed)), (open, problems, { what }) => {
      const { keep, made, back } = open ?? {};
      expect([what, problems, keep, made, back]).toEqual([what, [], whole?.keep, whole?.made, whole?.back]);
    });
  });

  test("with whole runs of bytes lost, zeroed, moved or made up never says more than was written", async () => {
    const { open: whole } = await reading(journalOf(moment));
    await tryAll(moment, havoc(journalOf(moment), chanceOf(seed)), (open, problems, { what, bytes }) => {
      if (open === undefined && bytes.length > 0 && problems.length !== 1)
        expect([what, problems]).toEqual([what, named]);
      const isMore = open !== undefined && ((open.keep && whole?.keep !== true) || (open.made && whole?.made !== true));
      if (isMore) expect([what, open]).toEqual([what, whole]);
    });
  });

  test("with records in it that none of us wrote is read without them", async () => {
    const { open: whole } = await reading(journalOf(moment));
    const strange = [null, 1, "made", [], {}, { type: 7 }, { type: "verdict " }, { keep: true }].map(frame);
    strange.push(Buffer.from("1 15d54739 {\n"), Buffer.from("0 00000000 \n"));
    const damages = strange.flatMap((record) => [
      { what: `first ${String(record)}`, bytes: Buffer.concat([record, journalOf(moment)]) },
      { what: `last ${String(record)}`, bytes: Buffer.concat([journalOf(moment), record]) },
    ]);
    await tryAll(moment, damages, (open) => expect(open).toEqual(whole));
  });
});

test("all of it is told", () => {
  tellReliability({
    name: "damaged-journal",
    title: "damages to the journal of a real run: every bit and byte, every length, random ones",
    points: told.points,
    outcomes: { "damage named": told.named, "nothing missing but an end": told.plain },
    seed,
    notes: [`${told.recovered} real recoveries from them: the old tree or the new one each time`],
  });
  expect(told.points).toBeGreaterThan(50_000);
});
