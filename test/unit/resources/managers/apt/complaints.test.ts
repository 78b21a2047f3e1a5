// Answers that no recording can show: words that would be dangerous to print, and programs that did not answer at all.
import { expect, test } from "@jest/globals";
import type { CommandResult } from "../../../../../reconciler/machine/machine.ts";
import { complaints } from "../../../../../reconciler/resources/managers/apt/complaints.ts";

const failed = (stderr: string): CommandResult => ({ code: 100, stdout: Buffer.alloc(0), stderr });

test("a password in the address of a repository is not told", () => {
  const line = "W: Failed to fetch https://school:secret@apt.example/InRelease  401 https://school:secret@apt.example";
  const [problem] = complaints(failed(line), "apt-get");
  expect(problem?.what).toBe("https://apt.example/InRelease could not be fetched: 401 https://apt.example");
});

test("what a package prints cannot reach the terminal as it is", () => {
  const known = "dpkg: error processing package hello (--configure):\n \u001b]0;owned\u0007 failed";
  for (const text of [known, "E: \u001b[2J", "\u001b[2Jsomething"]) {
    const [problem] = complaints(failed(text), "apt-get");
    expect(problem?.what).not.toContain("\u001b");
  }
});

test.each([
  ["not-found", "manager-missing"],
  ["timeout", "manager-timeout"],
  ["aborted", "manager-aborted"],
  ["SIGKILL", "manager-failed"],
])("a program that ended with %s: %s", (ended, code) => {
  const problems = complaints({ code: undefined, ended, stdout: Buffer.alloc(0), stderr: "" }, "apt-get");
  expect(problems).toEqual([expect.objectContaining({ code, what: expect.stringContaining("apt-get") })]);
});
