// The first ten minutes, as a new person has them: every line of the pages, pasted one after the other.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { paste, settleIn, shellBlocks } from "./pages.ts";

const PAGE = "docs/getting-started.md";
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "home-"));
  settleIn(home);
});

afterEach(() => rm(home, { recursive: true }));

/** What the page promises of each block, in its order: how the block begins, its exit code, words on the screen. */
const PROMISED: readonly (readonly [begins: string, code: number, words: RegExp])[] = [
  ["reconcile init ~/trial", 0, /^A trial is ready/u],
  ["reconcile --now", 0, / {2}changed {2}/u],
  ['echo "written by hand"', 0, /restore \/etc\/motd: changed on this server since we wrote it/u],
  ["cd ~/trial/fleet", 0, /replace \/etc\/motd: git changed it/u],
  ["reconcile rollback", 0, /^Back to /u],
  ["reconcile resume", 0, /^No longer held/u],
  ["reconcile suspend", 0, /^Suspended until .*: exams today$/mu],
];

test("every block of the trial does what the page says", async () => {
  const blocks = shellBlocks(PAGE, "A trial of your own");
  expect(blocks.map(firstWords)).toEqual(PROMISED.map(([begins]) => begins));
  for (const [index, [begins, code, words]] of PROMISED.entries()) {
    if (begins === "reconcile rollback") await makeTheMistake();
    const said = await paste(home, blocks[index] ?? "");
    expect({ begins, ...said }).toEqual({ begins, code, text: expect.stringMatching(words) });
  }
});

test("run again, the trial is unchanged", async () => {
  const [init = "", now = ""] = shellBlocks(PAGE, "A trial of your own");
  await paste(home, init);
  await paste(home, now);
  expect(await paste(home, now)).toEqual({ code: 0, text: expect.stringMatching(/^\S+ {2}unchanged {2}.*\n$/u) });
});

test("the first ten minutes of the README begin with a settled trial", async () => {
  const [block = ""] = shellBlocks("README.md", "The first ten minutes");
  const [install, ...rest] = block.split("\n");
  expect(install).toMatch(/^npm run build && npm install --global \./u);
  expect(await paste(home, rest.join("\n"))).toEqual({ code: 0, text: expect.stringMatching(/ {2}changed {2}/u) });
});

test("the settings of a server are written by the line that both pages show", async () => {
  const [, readme = ""] = shellBlocks("README.md", "The first ten minutes");
  const [page = ""] = shellBlocks(PAGE, "A school's server");
  expect(page.startsWith(readme)).toBe(true);
  const etc = join(home, "etc");
  mkdirSync(etc);
  writeFileSync(join(etc, "allowed_signers"), "admin@school.example ssh-ed25519 AAAA...\n");
  const env = { RECONCILE_CONFIG: join(etc, "config.yaml") };
  const said = await paste(home, readme.replaceAll("/etc/reconciler", etc), env);
  expect(said).toEqual({ code: 0, text: expect.stringContaining("The settings of this server are in") });
  expect(readFileSync(env.RECONCILE_CONFIG, "utf8")).toMatch(/^host: "?escuela-12"?$/mu);
});

/** The page says it in prose: other words in that file, a commit, a push, another run. */
async function makeTheMistake(): Promise<void> {
  const piece = "config/schools/escuela-12/files.d/etc/motd/50-today.conf";
  const lines = [
    "cd ~/trial/fleet",
    `echo "Ask @PRINCIPAL@." > ${piece}`,
    "git commit --quiet --all --message 'motd: whom to ask' && git push --quiet",
    "reconcile --now --config ~/trial/config.yaml",
  ];
  const said = await paste(home, lines.join("\n"));
  expect(said).toEqual({ code: 1, text: expect.stringContaining(`${piece}:1:5`) });
  expect(said.text).toContain("stays in care");
}

/** A command with its verb, or the first words of anything else. */
function firstWords(block: string): string {
  const known = PROMISED.map(([begins]) => begins).filter((begins) => block.startsWith(begins));
  return known.at(0) ?? block;
}
