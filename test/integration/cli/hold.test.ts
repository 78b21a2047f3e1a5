// What a person may ask of one server against what git says: suspend, rollback, resume. A real repository, real runs.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { openFiles } from "../../../reconciler/machine/real-files.ts";
import { saveHolds } from "../../../reconciler/state/holds.ts";
import { GitForge, type Repository } from "../../support/git-forge.ts";
import { reconcile, type Answer } from "../../support/reconcile.ts";

let forge: GitForge;
let fleet: Repository;
let config: string[];

beforeEach(async () => {
  forge = await GitForge.open();
  fleet = await forge.repository();
  const file = join(forge.directory, "config.yaml");
  mkdirSync(join(forge.directory, "root"));
  const settings = { host: "escuela-12", remotes: { mothership: { url: fleet.path } }, trust: "none" };
  writeFileSync(file, JSON.stringify({ ...settings, root: "root", state: "state", control: "control.sock" }));
  config = ["--config", file];
});

afterEach(() => forge.close());

/** A commit whose message of the day is its own message. */
function commit(message: string, parents?: readonly string[]): Promise<string> {
  const files = {
    "fleet.yaml": "files:\n  /etc/motd: {copy: files/motd}\n",
    "schools/escuela-12.yaml": "groups: []\n",
    "files/motd": `${message}\n`,
  };
  return fleet.commit(files, { message, ...(parents === undefined ? {} : { parents }) });
}

async function run(...words: string[]): Promise<Answer & { readonly json: Json }> {
  const answer = await reconcile([...words, "--json", ...config]);
  return { ...answer, json: JSON.parse(answer.stdout) as Json };
}

interface Json {
  readonly result?: string;
  readonly settled?: boolean;
  readonly desired?: { readonly commit: string };
  readonly applied?: { readonly commit: string };
  readonly problems?: readonly { readonly code: string; readonly hint?: string }[];
  readonly suspension?: { readonly by: string; readonly since: number; readonly until: number };
}

function motd(): string {
  return readFileSync(join(forge.directory, "root/etc/motd"), "utf8");
}

function codes({ problems = [] }: Json): readonly string[] {
  return problems.map(({ code }) => code);
}

/** Commits one after the other, each followed by a run. */
async function followed(...messages: string[]): Promise<string[]> {
  const commits: string[] = [];
  for (const message of messages) {
    commits.push(await commit(message));
    expect((await run("--now")).code).toBe(0);
  }
  return commits;
}

describe("suspend", () => {
  test("looks at what is new and touches nothing, until resume", async () => {
    await followed("one");
    const two = await commit("two");
    expect((await run("suspend", "--reason", "exams", "--for", "12h")).code).toBe(0);
    const { code, json } = await run("--now");
    expect(json).toMatchObject({ result: "deferred", settled: false, desired: { commit: two } });
    expect([code, motd()]).toEqual([1, "one\n"]);

    expect((await run("resume")).code).toBe(0);
    expect((await run("--now")).json).toMatchObject({ result: "changed", settled: true });
    expect(motd()).toBe("two\n");
  });

  test("leaves drift alone as well", async () => {
    await followed("one");
    await run("suspend", "--reason", "somebody is working here");
    writeFileSync(join(forge.directory, "root/etc/motd"), "work in progress\n");
    expect((await run("--now")).json.result).toBe("deferred");
    expect(motd()).toBe("work in progress\n");
  });

  test("ends by itself when its time is over", async () => {
    await followed("one");
    await commit("two");
    const [since, until] = [Date.now() - 7_200_000, Date.now() - 1];
    const suspension = { reason: "exams", by: "rosa", since, until };
    await saveHolds(openFiles(join(forge.directory, "state")), { suspension });
    expect((await run("--now")).json.result).toBe("changed");
    expect(motd()).toBe("two\n");
  });

  test("takes 72 hours when no time is said, and writes down who asked", async () => {
    const words = ["suspend", "--reason", "exams", "--json", ...config];
    const { stdout } = await reconcile(words, { SUDO_USER: "rosa" });
    const { suspension } = JSON.parse(stdout) as Json;
    expect(suspension).toMatchObject({ by: "rosa", reason: "exams" });
    expect(suspension!.until - suspension!.since).toBe(72 * 3_600_000);
  });

  test.each([
    ["a time that is none", ["--reason", "exams", "--for", "soon"]],
    ["more than 30 days", ["--reason", "exams", "--for", "31d"]],
    ["an empty reason", ["--reason", " "]],
    ["no reason", []],
  ])("refuses %s with exit code 64", async (_what, words) => {
    expect((await reconcile(["suspend", ...words, ...config])).code).toBe(64);
  });
});

describe("rollback", () => {
  test("goes to the revision before and stays there, whatever is pushed, until resume", async () => {
    const [one] = await followed("one", "two");
    const back = await run("rollback");
    expect(back.json).toMatchObject({ result: "changed", settled: true, applied: { commit: one } });
    expect([back.code, motd()]).toEqual([0, "one\n"]);

    const three = await commit("three");
    const staying = await run("--now");
    expect(staying.json).toMatchObject({ result: "unchanged", settled: true, desired: { commit: three } });
    expect([staying.code, motd()]).toEqual([0, "one\n"]);

    await run("resume");
    const forward = await run("--now");
    expect(forward.json).toMatchObject({ result: "changed", settled: true, applied: { commit: three } });
    expect([forward.code, motd()]).toEqual([0, "three\n"]);
  });

  test("goes forward to the very revision it left, when nothing newer came", async () => {
    await followed("one", "two");
    await run("rollback");
    await run("resume");
    expect((await run("--now")).json).toMatchObject({ result: "changed", settled: true });
    expect(motd()).toBe("two\n");
  });

  test("goes further back the second time, and tells when there is nothing before", async () => {
    await followed("one", "two", "three");
    await run("rollback");
    await run("rollback");
    expect(motd()).toBe("one\n");
    const { code, json } = await run("rollback");
    expect([code, codes(json), motd()]).toEqual([1, ["nothing-before"], "one\n"]);
  });

  test("puts drift right while it stays", async () => {
    await followed("one", "two");
    await run("rollback");
    writeFileSync(join(forge.directory, "root/etc/motd"), "by hand\n");
    expect((await run("--now")).code).toBe(0);
    expect(motd()).toBe("one\n");
  });

  test("takes an abbreviated id, and refuses any other with the good ones listed", async () => {
    const [one, two] = await followed("one", "two");
    const three = await commit("three");
    const refused = await run("rollback", three);
    expect([refused.code, codes(refused.json), motd()]).toEqual([1, ["not-good"], "two\n"]);
    expect(refused.json.problems?.[0]?.hint).toContain(`${two!.slice(0, 12)}  two`);
    expect((await run("rollback", one!.slice(0, 8))).code).toBe(0);
    expect(motd()).toBe("one\n");
  });

  test("is refused while the server is suspended", async () => {
    await followed("one", "two");
    await run("suspend", "--reason", "exams");
    const { code, json } = await run("rollback");
    expect([code, codes(json)]).toEqual([1, ["suspended"]]);
  });

  test("tells a person where it goes and how it ends", async () => {
    const [one] = await followed("one", "two");
    const { stdout } = await reconcile(["rollback", ...config]);
    expect(stdout.split("\n")[0]).toBe(`Back to ${one!.slice(0, 12)} "one", and staying there until: reconcile resume`);
  });
});

// A rewound branch stays refused after a rollback; in each picture * is the branch, ( ) what was followed before.
describe("history never runs backwards, also not by way of a rollback:", () => {
  //  one* - (two)
  test("a branch set back to the older commit is refused while we stay there", async () => {
    const [one] = await followed("one", "two");
    await run("rollback");
    await fleet.move("main", one!);
    const { code, json } = await run("--now");
    expect([code, codes(json), motd()]).toEqual([1, ["rewound"], "one\n"]);
  });

  //  one - (two)
  //     \- other*
  test("a branch that forgot a commit is refused after resume, and nothing moves", async () => {
    const [one, two] = await followed("one", "two");
    await run("rollback");
    await run("resume");
    await fleet.move("main", one!);
    await commit("other");
    const { code, json } = await run("--now");
    expect([code, codes(json), motd()]).toEqual([1, ["rewound"], "one\n"]);

    await fleet.move("main", two!);
    expect((await run("--now")).code).toBe(0);
    expect(motd()).toBe("two\n");
  });

  test("a pin that the mirror has lost is told, and the server stays as it is", async () => {
    await followed("one");
    await commit("two");
    const pin = { commit: "c".repeat(40), by: "rosa", since: Date.now() };
    await saveHolds(openFiles(join(forge.directory, "state")), { pin });
    const { code, json } = await run("--now");
    expect([code, codes(json), motd()]).toEqual([1, ["pin-lost"], "one\n"]);
  });
});

test("resume says so when there is nothing to end", async () => {
  const { code, stdout } = await reconcile(["resume", ...config]);
  expect([code, stdout]).toEqual([0, "Nothing was suspended or held here; git is followed.\n"]);
});
