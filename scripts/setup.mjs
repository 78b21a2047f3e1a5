// Makes a checkout ready to run: the right Node, the packages of the lockfile, programs in dist/ as new as their sources.
// Only Node's own modules here: on a fresh clone nothing else is there yet. Says nothing when there is nothing to do.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { isCurrent } from "./freshness.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));
const lockfile = join(root, "package-lock.json");
const installedLockfile = join(root, "node_modules/.package-lock.json");
const stamp = join(root, "node_modules/.setup-stamp");

/**
 * Installs and builds what is missing or out of date (`rebuild` builds in any case). Ends the process with a message
 * when that cannot be done.
 */
export async function setUp({ rebuild = false } = {}) {
  refuseOldNode();
  installWhenNeeded();
  if (rebuild || !isCurrent(root)) await build();
}

function refuseOldNode() {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const wanted = engines.node.replace(/[^\d.]/g, "");
  if (isOlder(process.versions.node, wanted)) {
    fail(`Node ${process.versions.node} is too old: the Sugar Server Kit needs Node ${wanted} or newer (nodejs.org).`);
  }
}

/** Whether one dotted version comes before another; parts that are left out count as 0. */
export function isOlder(version, wanted) {
  const [have, need] = [version, wanted].map((text) => text.split(".").map(Number));
  const differing = need.findIndex((part, index) => part !== (have[index] ?? 0));
  return differing >= 0 && (have[differing] ?? 0) < need[differing];
}

function installWhenNeeded() {
  const digest = createHash("sha256").update(readFileSync(lockfile)).digest("hex");
  if (!isInstalled(digest)) {
    say("installing the packages of package-lock.json (npm ci)");
    npmCi();
  }
  if (readStamp() !== digest) writeFileSync(stamp, digest);
}

// npm writes its own copy of the lockfile last, so without it an installation was cut short. One that is newer than
// package-lock.json was made by hand, and is as good as ours.
function isInstalled(digest) {
  if (!existsSync(installedLockfile)) return false;
  return readStamp() === digest || statSync(installedLockfile).mtimeMs > statSync(lockfile).mtimeMs;
}

function readStamp() {
  return existsSync(stamp) ? readFileSync(stamp, "utf8") : undefined;
}

// No package of ours needs its install script: the native ones bring their binaries as packages of their own.
function npmCi() {
  const [program, ...first] = npmCommand();
  const options = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--include=dev"];
  const result = spawnSync(program, [...first, ...options], { cwd: root, encoding: "utf8", maxBuffer: 64 << 20 });
  if (result.error !== undefined) fail(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) fail(`${result.stdout}${result.stderr}\nnpm ci did not succeed; its own words are above.`);
}

// The npm that runs us, else the one in PATH.
function npmCommand() {
  const runningUs = process.env.npm_execpath ?? "";
  return basename(runningUs) === "npm-cli.js" ? [process.execPath, runningUs] : ["npm"];
}

async function build() {
  say("building the programs in dist/");
  const { build } = await import("./build.mjs");
  await build().catch((error) => fail(`The build did not succeed: ${error.message}`));
}

// On stderr, so that the output of a program started through us stays its own.
function say(words) {
  process.stderr.write(`setup: ${words}\n`);
}

function fail(words) {
  process.stderr.write(`${words}\n`);
  process.exit(1);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await setUp({ rebuild: process.argv.includes("--rebuild") });
}
