// The real program over real git, killed with all that it started at random moments of 200 runs: whatever it was at, the
// tree ends as the old one or the new one, and the next run goes on from there.
import { afterAll, expect, test } from "@jest/globals";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { readJournal } from "../../../reconciler/apply/journal.ts";
import { gitEnvironment } from "../../support/git-forge.ts";
import { killWithChildren } from "../../support/kill-with-children.ts";
import { chanceOf } from "../../support/memory-school.ts";
import { reconcile } from "../../support/reconcile.ts";
import { tellReliability } from "../../support/reliability-result.ts";
import { SavedSchool } from "../../support/saved-school.ts";
import { School } from "../../support/school.ts";
import { NEW, OLD } from "./two-trees.ts";

const KILLS = Number(process.env["KILLS"] ?? 200);
const SCHOOLS = 2;
const PROGRAM = join(import.meta.dirname, "../../../dist/reconcile.js");

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
const opened: School[] = [];
const outcomes: Record<string, number> = {};

afterAll(() => Promise.all(opened.map((school) => school.close())));

test(`after each of ${KILLS} kills the tree is the old one or the new one, and in the end nothing is left to do`, async () => {
  console.log(`seed ${seed} (SEED=${seed} repeats the moments)`);
  await Promise.all(Array.from({ length: SCHOOLS }, (_, n) => killAgainAndAgain(seed + n, KILLS / SCHOOLS)));
  tellReliability({
    name: "random-kills",
    title: "kills of the program and all that it started, at random moments of real runs over git",
    points: KILLS,
    outcomes,
    seed,
    notes: ["a run that was killed is brought to its end by reconcile recover or by the next run, in turn"],
  });
  expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(KILLS);
}, 1_000_000);

/** One of the two revisions: what of git it is, and what the server looks like under it. */
interface Side {
  readonly tree: string;
  readonly lines: string;
}

async function killAgainAndAgain(own: number, kills: number): Promise<void> {
  const school = await School.open();
  opened.push(school);
  const chance = chanceOf(own);
  const sides = [await sideOf(school, OLD), await sideOf(school, NEW)] as const;
  const lengthMs = await measured(school, sides);
  for (let n = 0; n < kills; n++) {
    const [one, other] = sides;
    const [before, after] = linesNow(school) === one.lines ? [one, other] : [other, one];
    await school.fleet.commitTree(after.tree, { message: `Change ${n}` });
    // Every third is killed where it is at work on the tree, the others all over the run, evenly.
    const delayMs = ((n + chance()) / kills) * lengthMs;
    const ended = await killAfter(school, n % 3 === 0 ? { journal: chance() * AT_WORK_MS } : { ms: delayMs });
    const found = ended ? "came to its end before" : await whereItStood(school, before.lines, after.lines);
    const wasOpen = isOpen(school);
    if (n % 2 === 0) expect(await reconcile(["recover", "--config", school.configFile])).toMatchObject({ code: 0 });
    else expect((await school.now()).stdout).toMatch(/ {2}(?:un)?changed | was interrupted; /u);
    const lines = linesNow(school);
    expect([n, [before.lines, after.lines].includes(lines)]).toEqual([n, true]);
    const way = !wasOpen || n % 2 === 1 ? "" : lines === after.lines ? ", then went forward" : ", then walked back";
    const word = wasOpen && n % 2 === 1 ? `${found}, then ended by the next run` : `${found}${way}`;
    outcomes[word] = (outcomes[word] ?? 0) + 1;
  }
  expect(await school.now()).toMatchObject({ code: 0 });
  expect(await school.now()).toMatchObject({ code: 0, stdout: expect.stringMatching(/ {2}unchanged /u) });
}

/** Longer than it takes from the first line of the journal to the end of the run. */
const AT_WORK_MS = 150;

async function sideOf(school: School, files: typeof OLD): Promise<Side> {
  const commit = await school.commit(files);
  expect(await school.now()).toMatchObject({ code: 0 });
  const tree = (await school.fleet.git("rev-parse", `${commit}^{tree}`)).trim();
  return { tree, lines: linesNow(school) };
}

/** How long such a run takes here and now. */
async function measured(school: School, sides: readonly Side[]): Promise<number> {
  const startedAt = performance.now();
  for (const { tree } of sides) {
    await school.fleet.commitTree(tree);
    expect(await school.now()).toMatchObject({ code: 0 });
  }
  return (performance.now() - startedAt) / sides.length;
}

/** Whether the run came to its end before it was killed. */
async function killAfter(
  school: School,
  when: { readonly ms: number } | { readonly journal: number },
): Promise<boolean> {
  const words = [PROGRAM, "--now", "--config", school.configFile];
  const child = spawn(process.execPath, words, { env: gitEnvironment(), detached: true, stdio: "ignore" });
  const ended = once(child, "exit");
  if ("journal" in when) await untilOpen(school, child);
  await Promise.race([ended, pause("ms" in when ? when.ms : when.journal)]);
  if (child.pid !== undefined && child.exitCode === null) killWithChildren(child.pid);
  const [code] = (await ended) as [number | null];
  return code !== null;
}

async function untilOpen(school: School, child: ChildProcess): Promise<void> {
  while (child.exitCode === null && !isOpen(school)) await pause(1);
}

function isOpen(school: School): boolean {
  return existsSync(join(school.state, "journal.log"));
}

async function whereItStood(school: School, before: string, after: string): Promise<string> {
  const { state } = await school.ground();
  const { open } = isOpen(school) ? await readJournal(state) : {};
  if (open?.keep === true) return "killed after its verdict";
  if (open?.made === true) return "killed before its verdict";
  if (open !== undefined) return "killed half way";
  const lines = linesNow(school);
  expect([before, after]).toContain(lines);
  return lines === before ? "killed before it touched anything" : "killed after its last change";
}

function linesNow(school: School): string {
  return new SavedSchool(school).tree().join("\n");
}
