// `reconcile history`: the last runs of a server, newest first.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { School } from "../../support/school.ts";
import { ask, misfits, type Answer } from "./ask.ts";

let school: School;

beforeEach(async () => {
  school = await School.open();
});
afterEach(() => school.close());

const history = (...words: readonly string[]): Promise<Answer> =>
  ask("history", "--config", school.configFile, ...words);
const TREE = { "config/fleet/files.d/etc/motd/10-hello.conf": "hello\n" };

test("before the first run there is nothing to tell, and that is no failure", async () => {
  expect(await history()).toMatchObject({ code: 0, out: "nothing has run here yet\n" });
});

test("each run is one line, and its first problem another", async () => {
  const good = await school.commit(TREE);
  await school.cycle();
  await school.commit({ ...TREE, "fleet.yaml": "filess: {}\nfoo: 1\n" });
  await school.cycle();
  const { code, out } = await history();
  expect(code).toBe(0);
  const [failed = "", problem = "", changed = "", ...rest] = out.trimEnd().split("\n");
  expect(failed).toMatch(
    new RegExp(`^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d  failed +\\S+ m?s +0 changes  ${good.slice(0, 8)}  manual$`, "u"),
  );
  expect(problem).toMatch(/^ {4}fleet.yaml:1:1 .*: .* \(and 1 more\)$/u);
  expect(changed).toMatch(/ changed .* [1-9] changes {2}/u);
  expect(rest).toEqual([]);
});

test("-n takes so many; a word that is no number is a usage error", async () => {
  await school.commit(TREE);
  for (let runs = 0; runs < 3; runs++) await school.cycle();
  expect((await history("-n", "2")).out.trimEnd().split("\n")).toHaveLength(2);
  expect((await history("-n", "two")).code).toBe(64);
});

test("--json fits its schema", async () => {
  await school.commit(TREE);
  await school.cycle();
  await school.commit({ ...TREE, "fleet.yaml": "filess: {}\n" });
  await school.cycle();
  const told = JSON.parse((await history("--json")).out) as { runs: { result: string }[] };
  expect(misfits("history", told)).toEqual([]);
  expect(told.runs.map(({ result }) => result)).toEqual(["failed", "changed"]);
});
