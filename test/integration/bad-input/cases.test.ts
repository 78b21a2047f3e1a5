// Each folder of cases/ is something a person may write wrongly: a `fleet/` that is committed, or the server's own
// `config.yaml` (SCHOOL stands for the folder of all). `told.txt` is what the person reads. Nothing else happens: the
// server stays as it was, and when it followed a good commit before, that one is still cared for.
// UPDATE=1 writes told.txt anew: read the diff.
import { afterEach, describe, expect, test } from "@jest/globals";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describeProblem, type Problem } from "../../../common/problem.ts";
import { isRoot } from "../../support/needs.ts";
import { School, treeLines, type Ran } from "../../support/school.ts";

const CASES = join(import.meta.dirname, "cases");
const names = readdirSync(CASES).map((name) => [name.replaceAll("-", " "), join(CASES, name)] as const);
let school: School;

afterEach(() => school.close());

const GOOD = {
  "fleet.yaml": JSON.stringify({
    files: { "/etc/good": { copy: "files/good" }, "/etc/other": { copy: "files/good" } },
  }),
  "files/good": "good\n",
};

describe("a commit with", () => {
  test.each(names.filter(([, folder]) => existsSync(join(folder, "fleet"))))("%s", async (_, folder) => {
    school = await School.open();
    // Only root gives files to others, and so has to know them.
    if (folder.endsWith("an-unknown-user") && !isRoot()) return;
    // A server that never followed anything stays empty.
    const bad = fleetIn(join(folder, "fleet"));
    await school.fleet.commit(bad, { branch: "first" });
    school.configure({ branch: "first", state: `${school.state}-first` });
    const empty = school.snapshot();
    const first = await school.cycle();
    if (folder.endsWith("an-empty-server")) expect(first).toMatchObject({ result: "unchanged" });
    else expect(first).toMatchObject({ result: "failed", settled: false, changes: [] });
    expect(school.snapshot()).toEqual(empty);

    // One that follows a good commit goes on with that.
    school.configure();
    await school.commit(GOOD);
    expect(await school.cycle()).toMatchObject({ result: "changed", settled: true });
    const good = treeLines(school.snapshot());
    await school.fleet.commit(bad);
    school.put("/etc/good", "by hand\n");
    const ran = await school.now("--json");
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expectTold(folder, ran);
    expect(treeLines(school.snapshot())).toEqual(good);
    const calm = school.snapshot();
    expect(await school.now()).toMatchObject({ code: 1 });
    expect(school.snapshot()).toEqual(calm);
  });
});

describe("a server's own", () => {
  test.each(names.filter(([, folder]) => existsSync(join(folder, "config.yaml"))))("%s", async (_, folder) => {
    school = await School.open();
    await school.commit(GOOD);
    await school.forge.repository("empty");
    const written = readFileSync(join(folder, "config.yaml"), "utf8");
    writeFileSync(school.configFile, written.replaceAll("SCHOOL", school.forge.directory));
    school.put("/etc/good", "by hand\n");
    const before = school.snapshot();
    const ran = await school.now("--json");
    expect(ran).toMatchObject({ code: 1, stderr: "" });
    expectTold(folder, ran);
    expect(school.snapshot()).toEqual(before);
    expect(existsSync(join(school.forge.directory, "pwned"))).toBe(false);
    // Without --json the same is told in words.
    const { code, stdout, stderr } = await school.now();
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(/^ +at .*:\d+\)?$/mu);
  });
});

test("a config.yaml that is not there", async () => {
  school = await School.open();
  const { code, stdout, stderr } = await school.run([
    "--now",
    "--config",
    join(school.forge.directory, "nothing.yaml"),
  ]);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain("there is no configuration here");
});

/** Every problem has a code, and says what to write instead. */
function expectTold(folder: string, { stdout }: Ran): void {
  expect(stdout).not.toMatch(/^ +at .*:\d+\)?$/mu);
  const { problems } = JSON.parse(stdout) as { problems: readonly Problem[] };
  for (const { code, what, hint } of problems) {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/u);
    expect(`${what} ${hint ?? ""}`).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/u);
    expect(hint ?? `${code}: ${what} has no hint`).not.toContain("has no hint");
  }
  const told = problems.map((problem) => `${problem.code}\n${describeProblem(problem)}\n`).join("\n");
  const stable = told.replaceAll(school.forge.directory, "SCHOOL").replaceAll(/\b[0-9a-f]{12}\b/gu, "COMMIT");
  const path = join(folder, "told.txt");
  if (process.env["UPDATE"] === "1") writeFileSync(path, stable);
  expect(stable).toBe(readFileSync(path, "utf8"));
  expect(problems.length).toBeGreaterThan(0);
}

function fleetIn(folder: string): Record<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [relative(folder, path), readFileSync(path)];
    }),
  );
}
