// Runs jest with the arguments given and hands on its exit code and what it counted.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "./setup.mjs";

/**
 * `report` takes jest's words as they come. Resolves to jest's exit code and the totals of its own JSON.
 */
export async function runJest(args, report) {
  const folder = mkdtempSync(join(tmpdir(), "sugar-test-"));
  try {
    const results = join(folder, "results.json");
    const notes = join(folder, "skipped");
    const code = await spawnJest(["--maxWorkers=2", "--json", `--outputFile=${results}`, ...args], report, notes);
    const unproven = readNotes(notes);
    for (const note of unproven) report(`skipped: ${note}\n`);
    return { code, totals: countTests(readResults(results), unproven.length) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// ES modules in jest need the flag, and the warning about it says nothing new.
function spawnJest(args, report, notes) {
  const node = ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"];
  const child = spawn(process.execPath, [...node, join(root, "node_modules/jest/bin/jest.js"), ...args], {
    cwd: root,
    stdio: ["inherit", "pipe", "pipe"],
    env: { ...plainEnvironment(), SKIPPED_TESTS: notes },
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => report(text.replace(/^Test results written to: .*\n/m, "")));
  }
  // Ctrl-C reaches jest by itself; we stay to report how it ended.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}

// The same in a terminal, in a pipe and on a build server: jest hands its colours on to the programs under test.
function plainEnvironment() {
  const { FORCE_COLOR: _, ...others } = process.env;
  return { ...others, NO_COLOR: "1" };
}

function readResults(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined; // jest ended before it had any result
  }
}

// A test that finds only while it runs that it cannot prove anything here notes that, a line each (test/support/needs.ts):
// jest then counts it as passed.
function readNotes(path) {
  if (!existsSync(path)) return [];
  return [...new Set(readFileSync(path, "utf8").split("\n").filter(Boolean))];
}

/** Jest's JSON into totals. A test file that could not even be loaded counts as one failed test. */
export function countTests(results, unproven = 0) {
  if (results === undefined) return { passed: 0, failed: 1, skipped: 0 };
  return {
    passed: results.numPassedTests - unproven,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests + results.numTodoTests + unproven,
  };
}

/** `12 passed, 0 failed`, and the skipped when there are any. */
export function describeTotals({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/** Why totals are not good enough, or nothing when they are. `strict` is how a build server looks at them. */
export function faultOf({ passed, failed, skipped }, strict) {
  if (failed > 0) return "tests failed";
  if (passed === 0) return "no test ran";
  if (strict && skipped > 0) return "tests were skipped, and CI counts that as a failure";
  return undefined;
}
