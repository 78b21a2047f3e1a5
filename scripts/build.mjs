// Sources in, programs out: each a small file in dist/ that loads the rest only when it is needed.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

import { filesOf, recordBuild, stateOfSources } from "./freshness.mjs";
import { thirdPartyLicences } from "./licences.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const dist = join(root, "dist");

const programs = {
  reconcile: "reconciler/main.ts",
  mace: "mace/main.ts",
  demo: "reconciler/demo/main.ts",
};

const shebang = "#!/usr/bin/env node\n";
// CommonJS packages inside the bundle ask for Node's own modules with require().
const requireForPackages =
  'import { createRequire as __createRequire } from "node:module";\nconst require = __createRequire(import.meta.url);\n';

/** Builds all programs and tells the names of the files in dist/ it wrote. */
export async function build() {
  const state = stateOfSources(root);
  generateValidators();
  const bundled = await bundle();
  const written = [
    ...bundled.outputFiles.map((file) => writeOutput(file)),
    writeFile("THIRD-PARTY-LICENSES.txt", thirdPartyLicences(root, bundled.metafile)),
  ];
  removeLeftovers(written);
  recordBuild(root, state, [...written.map((name) => `dist/${name}`), ...generatedFiles()]);
  return written;
}

function generateValidators() {
  const script = join(root, "scripts/validators.mjs");
  if (existsSync(script))
    execFileSync(process.execPath, [script], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}

// Flat in dist/: a program and its chunks find the package's folders by the same relative path.
async function bundle() {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return esbuild.build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(Object.entries(programs).filter(([, file]) => existsSync(join(root, file)))),
    outdir: "dist",
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    define: { __VERSION__: JSON.stringify(version), __BUILD__: JSON.stringify(buildDigest()) },
    logLevel: "warning",
    metafile: true,
    write: false,
  });
}

// Same digest, same programs and same templates: what they make of a desired state is the same too.
function buildDigest() {
  const hash = createHash("sha256");
  for (const path of filesOf(root, [
    "common",
    "mace",
    "reconciler",
    "templates",
    "package.json",
    "package-lock.json",
  ])) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest("hex");
}

function writeOutput({ path, text }) {
  const name = relative(dist, path);
  const isProgram = Object.hasOwn(programs, name.replace(/\.js$/, ""));
  const body = text.replace(/^#!.*\n/, "");
  const needsRequire = /\brequire\b/.test(body);
  writeFile(name, `${isProgram ? shebang : ""}${needsRequire ? requireForPackages : ""}${body}`);
  if (isProgram) chmodSync(path, 0o755);
  return name;
}

function writeFile(name, text) {
  mkdirSync(dist, { recursive: true });
  writeFileSync(join(dist, name), text);
  return name;
}

function removeLeftovers(written) {
  for (const name of readdirSync(dist)) {
    if (!written.includes(name)) rmSync(join(dist, name), { recursive: true });
  }
}

function generatedFiles() {
  return ["reconciler", "mace"].flatMap((folder) => {
    const names = readdirSync(join(root, folder), { recursive: true });
    return names.filter((name) => name.endsWith(".generated.js")).map((name) => `${folder}/${name}`);
  });
}
