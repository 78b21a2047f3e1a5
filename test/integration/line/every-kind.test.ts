// A fleet that wants more than files, on a server without a package manager: what can be done is done, what waits says
// why and until when, and a run that harms takes all of it back.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Outcome } from "../../../reconciler/model/outcome.ts";
import { heldSentence } from "../../../reconciler/report/sentence.ts";
import type { Content } from "../../support/git-forge.ts";
import { School } from "../../support/school.ts";

let school: School;

beforeEach(async () => {
  school = await School.open();
});

afterEach(() => school.close());

const WANTED = {
  files: { "/etc/motd": { copy: "files/motd" } },
  accounts: { users: { kiwix: { home: "/var/lib/kiwix" } } },
  data: { "/srv/books": { copy: "data/books" }, "/srv/exams": { copy: "data/books", window: "holidays" } },
  windows: { holidays: { zone: "America/Lima", only_during: ["holidays"] } },
  calendars: { holidays: { long_ago: { from: "2020-01-01", to: "2020-01-02" } } },
};

function fleet(more: object = {}, motd = "hello\n"): Record<string, Content> {
  const books = { "data/books/one.txt": "one\n", "data/books/more/two.txt": "two\n" };
  return { "fleet.yaml": JSON.stringify({ ...WANTED, ...more }), "files/motd": motd, ...books };
}

function inRoot(path: string): string {
  return join(school.root, path);
}

function waiting({ held }: Outcome): readonly string[] {
  return held.map(heldSentence);
}

async function first(): Promise<void> {
  mkdirSync(inRoot("/etc"), { recursive: true });
  await school.commit(fleet());
  const outcome = await school.cycle();
  expect(outcome).toMatchObject({ result: "changed", problems: [] });
}

test("accounts and data come with the files, and what has its own hours waits for them", async () => {
  await first();
  const outcome = await school.cycle();
  expect(waiting(outcome)).toEqual(["wait with /srv/exams: the window holidays is not open"]);
  expect(outcome.settled).toBe(false);
  expect(readFileSync(inRoot("/srv/books/more/two.txt"), "utf8")).toBe("two\n");
  expect(readFileSync(inRoot("/etc/passwd"), "utf8")).toMatch(/^kiwix:[x*]:\d+:\d+::\/var\/lib\/kiwix:/mu);
  expect(existsSync(inRoot("/srv/exams"))).toBe(false);

  const before = school.snapshot();
  expect(await school.cycle()).toMatchObject({ result: "unchanged", problems: [] });
  expect(school.snapshot()).toEqual(before);

  const agreed = await school.cycle(undefined, { because: "the exams are over", regardless: true });
  expect(agreed).toMatchObject({ result: "changed", settled: true, held: [] });
  expect(await school.cycle()).toMatchObject({ result: "unchanged", settled: true });
});

test("a package that cannot be had is told, and holds back nothing else", async () => {
  await first();
  await school.commit(fleet({ packages: { nginx: "present" } }, "hello again\n"));
  const outcome = await school.cycle();
  expect(outcome).toMatchObject({ result: "changed", settled: false });
  expect(outcome.problems.map(({ code }) => code)).toEqual(["no-package-manager"]);
  expect(readFileSync(inRoot("/etc/motd"), "utf8")).toBe("hello again\n");
});

test("a commit that harms is taken back with its accounts and its data", async () => {
  await first();
  await school.cycle();
  const before = [readFileSync(inRoot("/etc/passwd"), "utf8"), readFileSync(inRoot("/srv/books/one.txt"), "utf8")];
  const harm = {
    accounts: { users: { kiwix: { home: "/var/lib/kiwix" }, reader: {} } },
    health: { greeted: { file: "/etc/motd", contains: "hello", grace_s: 0 } },
  };
  await school.commit({ ...fleet(harm, "goodbye\n"), "data/books/one.txt": "another\n" });
  expect(await school.cycle()).toMatchObject({ result: "rolled_back" });
  expect([readFileSync(inRoot("/etc/passwd"), "utf8"), readFileSync(inRoot("/srv/books/one.txt"), "utf8")]).toEqual(
    before,
  );
  expect(readFileSync(inRoot("/etc/motd"), "utf8")).toBe("hello\n");
});

test("what nobody wants any more goes again, where it came with us", async () => {
  await first();
  await school.cycle();
  await school.commit(fleet({ accounts: null, data: { "/srv/exams": null } }));
  const outcome = await school.cycle(undefined, { allowRemovals: 10 });
  expect(outcome.problems).toEqual([]);
  expect(existsSync(inRoot("/srv/books"))).toBe(false);
  expect(readFileSync(inRoot("/etc/passwd"), "utf8")).not.toContain("kiwix");
});
