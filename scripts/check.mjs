// `npm run check`: what can be known of the sources in seconds. One line a part; the whole output of a part that failed.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { performance } from "node:perf_hooks";

import { describeTotals, faultOf, runJest } from "./jest.mjs";
import { root, setUp } from "./setup.mjs";

const cache = "node_modules/.cache";

// The slow ones first: they run two at a time.
const parts = [
  { name: "lint", run: tool("eslint/bin/eslint.js", ".", "--max-warnings=0") },
  { name: "unit tests", run: unitTests },
  {
    name: "types",
    run: tool("typescript/bin/tsc", "--incremental", "--tsBuildInfoFile", `${cache}/types.tsbuildinfo`),
  },
  {
    name: "format",
    run: tool("prettier/bin/prettier.cjs", "--check", ".", "--cache", "--cache-location", `${cache}/format`),
  },
  {
    name: "layers",
    run: tool("dependency-cruiser/bin/dependency-cruise.mjs", "common", "mace", "reconciler", "--output-type", "err"),
  },
  { name: "dead code", run: tool("knip/bin/knip.js") },
];

await setUp();
const waiting = [...parts];
const verdicts = [];
await Promise.all([worker(), worker()]);
process.exitCode = verdicts.every(Boolean) ? 0 : 1;

async function worker() {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) verdicts.push(await check(part));
}

async function check({ name, run }) {
  const start = performance.now();
  const { ok, output, note = "" } = await run();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const line = `${ok ? "ok    " : "FAILED"} ${name.padEnd(11)} ${seconds.padStart(5)} s  ${note}`.trimEnd();
  console.log(ok ? line : `${line}\n${output.trimEnd()}\n`);
  return ok;
}

function tool(script, ...args) {
  return () =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [join(root, "node_modules", script), ...args], { cwd: root });
      const output = [];
      child.stdout.on("data", (text) => output.push(text));
      child.stderr.on("data", (text) => output.push(text));
      child.on("close", (code) => resolve({ ok: code === 0, output: Buffer.concat(output).toString() }));
    });
}

async function unitTests() {
  const output = [];
  const { code, totals } = await runJest(["--selectProjects", "unit"], (text) => output.push(text));
  const ok = code === 0 && faultOf(totals, true) === undefined;
  return { ok, output: output.join(""), note: describeTotals(totals) };
}
