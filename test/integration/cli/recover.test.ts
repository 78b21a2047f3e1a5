// After a run that ended badly: `recover` brings one that was cut off to its end, `release` lets a revision be tried again.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { GitForge, type Repository } from "../../support/git-forge.ts";
import type { Intent } from "../../../reconciler/apply/journal.ts";
import { openGround } from "../../../reconciler/cli/ground.ts";
import { cycle } from "../../../reconciler/cycle.ts";
import { frame, unframe } from "../../../reconciler/state/frame.ts";
import { ask, misfits } from "./ask.ts";

let forge: GitForge;
let fleet: Repository;
let config: readonly string[];

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

const CHECKED = `files: { /etc/motd: { copy: files/motd } }
health: { greeted: { file: /etc/motd, contains: hello, grace_s: 0 } }
`;

function commit(motd: string): Promise<string> {
  return fleet.commit({ "fleet.yaml": CHECKED, "schools/escuela-12.yaml": "{}\n", "files/motd": motd });
}

function motd(): string {
  return readFileSync(join(forge.directory, "root/etc/motd"), "utf8");
}

test("a run that harms ends with 3, and is not tried again until somebody releases it", async () => {
  await commit("hello\n");
  expect((await ask("--now", ...config)).code).toBe(0);
  const bad = await commit("goodbye\n");
  expect((await ask("--now", ...config)).code).toBe(3);
  expect(motd()).toBe("hello\n");
  const refused = await ask("--now", ...config);
  expect(refused).toMatchObject({ code: 1, out: expect.stringContaining(`reconcile release ${bad.slice(0, 12)}`) });

  const unknown = await ask("release", "abcd", ...config);
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining(bad.slice(0, 12)) });
  const released = await ask("release", bad.slice(0, 8), "--json", ...config);
  expect(released.code).toBe(0);
  expect(misfits("released", JSON.parse(released.out))).toEqual([]);
  expect((await ask("--now", ...config)).code).toBe(3);
  expect((await ask("release", ...config)).out).toMatch(/may be tried again; it was set aside once: /);
  expect((await ask("release", ...config)).code).toBe(1);
});

test("nothing to recover is said", async () => {
  const { code, out } = await ask("recover", ...config);
  expect({ code, out }).toEqual({ code: 0, out: "No run was cut off here; there is nothing to bring to an end.\n" });
  const json = await ask("recover", "--json", ...config);
  expect(misfits("recover", JSON.parse(json.out))).toEqual([]);
});

test.each([
  ["before its verdict stays, when all was made and nothing got worse", 1, "goodbye\n", "stays"],
  ["long ago is walked back", 3_600_000, "hello\n", "is walked back"],
])("a run that was cut off %s", async (_, msAgo, expected, word) => {
  await fleet.commit({ ...files("hello\n") });
  expect((await ask("--now", ...config)).code).toBe(0);
  await fleet.commit({ ...files("goodbye\n") });
  await cutOffBeforeTheVerdict(msAgo);
  const recovered = await ask("recover", "--json", ...config);
  expect(recovered.code).toBe(0);
  const value = JSON.parse(recovered.out);
  expect(misfits("recover", value)).toEqual([]);
  expect(value).toMatchObject({ kept: word === "stays", over: true, problems: [] });
  expect(motd()).toBe(expected);
  expect(existsSync(join(forge.directory, "state/journal.log"))).toBe(false);
});

test("while the server is only starting nobody is asked: it is walked back, and not blamed", async () => {
  await fleet.commit({ ...files("hello\n") });
  expect((await ask("--now", ...config)).code).toBe(0);
  await fleet.commit({ ...files("goodbye\n") });
  await cutOffBeforeTheVerdict(1);
  const recovered = await ask("recover", "--at-boot", "--json", ...config);
  expect(JSON.parse(recovered.out)).toMatchObject({ kept: false, over: true, problems: [] });
  expect(motd()).toBe("hello\n");
  expect((await ask("--now", ...config)).code).toBe(0);
  expect(motd()).toBe("goodbye\n");
});

test("overdue, only the run that is named is brought to its end", async () => {
  await fleet.commit({ ...files("hello\n") });
  expect((await ask("--now", ...config)).code).toBe(0);
  await fleet.commit({ ...files("goodbye\n") });
  await cutOffBeforeTheVerdict(3_600_000);
  const other = await ask("recover", "--overdue", "20200101T000000000Z-abcd", ...config);
  expect(other).toMatchObject({ code: 0, out: expect.stringContaining("nothing to bring to an end") });
  expect(motd()).toBe("goodbye\n");
  const [intent] = unframe(readFileSync(join(forge.directory, "state/journal.log"))).values as [Intent];
  expect((await ask("recover", "--overdue", intent.run, ...config)).code).toBe(0);
  expect(motd()).toBe("hello\n");
});

function files(motd: string) {
  const fleet = "files: { /etc/motd: { copy: files/motd } }\n";
  return { "fleet.yaml": fleet, "schools/escuela-12.yaml": "{}\n", "files/motd": motd };
}

/** A run that loses its power as it writes its verdict; and how long ago that was. */
async function cutOffBeforeTheVerdict(msAgo: number): Promise<void> {
  const ground = await openGround(config[1] ?? "");
  if (!ground.ok) throw new Error(JSON.stringify(ground.problems));
  const { state } = ground.value;
  const append = (path: string, bytes: Buffer): Promise<void> =>
    bytes.includes('"verdict"') ? Promise.reject(new Error("no power")) : state.append(path, bytes);
  await cycle(
    { ...ground.value, state: { ...state, append } },
    { trigger: "manual", because: "a test" },
    () => undefined,
  );
  const journal = join(forge.directory, "state/journal.log");
  const [intent, ...rest] = unframe(readFileSync(journal)).values as [Intent, ...unknown[]];
  const began = { ...intent.began, monotonicMs: intent.began.monotonicMs - msAgo };
  writeFileSync(journal, Buffer.concat([{ ...intent, at: intent.at - msAgo, began }, ...rest].map(frame)));
}
