// A reader who goes away in the middle, as `| head` does: the words are lost, and the work is done.
import { spawn } from "node:child_process";
import { afterEach, expect, test } from "@jest/globals";
import { join } from "node:path";
import { School } from "../../support/school.ts";

let school: School;

afterEach(() => school.close());

const PROGRAMS = join(import.meta.dirname, "../../../dist");

test.each([
  ["reconcile.js", ["--help"]],
  ["mace.js", ["--help"]],
  ["demo.js", ["--help"]],
])("%s whose reader is gone ends well and without a word", async (program, words) => {
  school = await School.open();
  expect(await unread(program, words)).toEqual({ code: 0, stderr: "" });
});

test("a run that nobody listens to is finished", async () => {
  school = await School.open();
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`/srv/${n}`, { copy: "files/text" }]));
  await school.commit({ "fleet.yaml": JSON.stringify({ files }), "files/text": "text\n" });
  expect(await unread("reconcile.js", ["--now", "--config", school.configFile])).toEqual({ code: 0, stderr: "" });
  expect((await school.now()).stdout).toMatch(/ {2}unchanged {2}/u);
});

/** Closes its stdout at once, before the program has anything to say. */
function unread(program: string, words: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const env = { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const child = spawn(process.execPath, [join(PROGRAMS, program), ...words], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.destroy();
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stderr })));
}
