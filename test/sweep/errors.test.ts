// One call after the other fails once with an error of the system: it is told with its path, nothing is half done, and
// the next run does what this one could not.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { basename } from "node:path";
import { hasPrograms, missingPrograms } from "../support/needs.ts";
import { tellReliability } from "../support/reliability-result.ts";
import type { Traced } from "../support/strace-run.ts";
import { strike } from "./aim.ts";
import { countPoints, programsOf } from "./count-points.ts";
import { openTwo, type SweptSchool } from "./swept-school.ts";
import { Tally, inTurns, told } from "./tally.ts";
import type { Problem } from "../../common/problem.ts";

const NEEDED = ["strace", "flock", "git"];
const STARTS = ["error=EACCES", "error=EMFILE", "signal=KILL"];
const ERRORS = ["EIO", "ENOSPC", "EROFS", "EACCES", "EMFILE", "EINTR"];
/** `ERRORS=all` has every error at every call, which takes six times as long; otherwise they take turns. */
const HAS_ALL = process.env["ERRORS"] === "all";
const LIMIT_MS = 15 * 60_000 * (HAS_ALL ? ERRORS.length : 1);

let schools: readonly [SweptSchool, SweptSchool] | undefined;

beforeAll(async () => {
  if (missingPrograms(...NEEDED) === undefined) schools = await openTwo();
});

afterAll(async () => {
  for (const school of schools ?? []) await school.close();
});

test(
  "whichever call fails, it is told with its path, and nothing is half done",
  async () => {
    if (!hasPrograms(...NEEDED) || schools === undefined) return;
    const tally = new Tally();
    const rows = (await countPoints(schools[0], false)).filter(([first]) => first?.lift.call !== "clone");
    const points = rows.flatMap((row, shift) =>
      row.flatMap((point, index) => errorsFor(index + shift).map((error) => ({ row, point, error }))),
    );
    await inTurns(schools, points, async (school, { row, point, error }) => {
      const { at, traced } = await strike(school, row, point, `error=${error}`);
      if (at !== "point") tally.missed(point.lift.call);
      // Node itself cannot go on when it is not let wake its threads.
      if (at !== "between")
        await tally.count(`${error} at ${told(point)}`, point.lift.call, () => look(school, traced));
    });
    tellReliability(tally.result("error-sweep", `One system call fails once with ${ERRORS.join(", ")} (in turns)`));
    expect(tally.failures).toEqual([]);
  },
  LIMIT_MS,
);

test(
  "whichever program cannot be started, or dies at once, it is told, and nothing is half done",
  async () => {
    if (!hasPrograms(...NEEDED) || schools === undefined) return;
    const tally = new Tally();
    const programs = await programsOf(schools[0]);
    expect(programs.map((path) => basename(path))).toEqual(expect.arrayContaining(["flock", "git"]));
    const starts = programs.flatMap((path) => STARTS.map((fault) => ({ path, fault })));
    await inTurns(schools, starts, async (school, { path, fault }) => {
      await school.restore();
      // Every start of it: strace counts them by process, and each is the first of its own.
      const traced = await school.now(["execve"], { injection: { call: "execve", fault, nth: 1, path } });
      const names = ({ what }: Problem): boolean => what.includes(basename(path)) || what.includes("git");
      await tally.count(`${fault} at execve of ${path}`, "execve", () => look(school, traced, names));
    });
    tellReliability(tally.result("program-sweep", "A program that is needed cannot be started, or dies at once"));
    expect(tally.failures).toEqual([]);
  },
  LIMIT_MS,
);

function errorsFor(turn: number): readonly string[] {
  return HAS_ALL ? ERRORS : [ERRORS[turn % ERRORS.length] ?? ""];
}

/** What a run said of itself; only problems, when it never came to be one. */
interface Said {
  readonly result?: string;
  readonly settled?: boolean;
  readonly problems: readonly Problem[];
}

/** What is found afterwards: the word for the table, or an error. */
async function look(school: SweptSchool, traced: Traced, names = namesPath): Promise<string> {
  const said = understand(traced);
  if (said.settled === true) expect(school.tree()).toBe("new");
  else expect({ names: said.problems.some(names), ...said }).toMatchObject({ names: true });
  const { recovery } = await school.recover();
  const tree = school.tree();
  // An item of data that cannot be had is held back alone, and whole.
  expect(tree).toMatch(/^(?:old|new|new but for the books)$/u);
  expect(await school.unreadable()).toEqual([]);
  await school.serviceHasRead(tree === "old" ? "old" : "new");
  expect(await school.cycle()).toMatchObject({ settled: true, problems: [] });
  expect(school.tree()).toBe("new");
  await school.serviceHasRead("new");
  return wordFor(said, tree, recovery !== undefined);
}

/** Words for a program, no trace of where in the code it happened, and an exit code that says whether all is well. */
function understand({ code, stdout, stderr }: Traced): Said {
  expect(stdout + stderr).not.toMatch(/^ +at |node:internal|"unexpected"/mu);
  const said = JSON.parse(stdout) as Said;
  expect({ code, problems: said.problems }).toEqual({ code: exitCode(said), problems: said.problems });
  return said;
}

function exitCode({ result, settled }: Said): number {
  if (result === "rollback_failed") return 4;
  if (result === "rolled_back") return 3;
  return settled === true ? 0 : 1;
}

function namesPath({ what, where }: Problem): boolean {
  return where?.file?.includes("/") === true || /(?:^| )\//u.test(what);
}

function wordFor({ result, problems }: Said, tree: string, wasOpen: boolean): string {
  if (result === "changed") return problems.length === 0 ? "done all the same" : "told, and done but for that";
  if (wasOpen) return `told, and brought to an end by the recovery (${tree} tree)`;
  return result === "rolled_back" ? "told, and walked back at once" : "told before anything was touched";
}
