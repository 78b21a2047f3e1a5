// Words that are not understood: said which, with what was probably meant, and exit code 64 whatever the verb.
import { expect, test } from "@jest/globals";
import { reconcile } from "../../support/reconcile.ts";

test.each([
  [["statuss"], /there is no command "statuss"\n.*did you mean status\?/u],
  [["\u001b[2Jx"], /there is no command "\\x1b\[2Jx"\nthere are: daemon, /u],
  [["plan", "--revison", "x"], /--revision/u],
  [["--now", "--allow-removals", "many"], /many/u],
])("%j", async (words, told) => {
  const { code, stderr, stdout } = await reconcile(words);
  expect([code, stdout]).toEqual([64, ""]);
  expect(stderr).toMatch(told);
});

test("help is told, with an example, for every verb", async () => {
  const { code, stdout } = await reconcile(["--help"]);
  expect(code).toBe(0);
  const verbs = [...stdout.matchAll(/^ {2}([a-z]+) /gmu)].map(([, verb]) => verb ?? "");
  expect(verbs.length).toBeGreaterThanOrEqual(10);
  for (const verb of verbs) {
    const help = await reconcile([verb, "--help"]);
    expect([verb, help.code]).toEqual([verb, 0]);
    expect(help.stdout).toMatch(/Example:\n {2}\$ reconcile /u);
  }
});
