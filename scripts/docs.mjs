// `npm run docs`: the pages that are made from the sources, docs/providers.md and docs/templates.md. With --check nothing is
// written; pages that are out of date are named, and the exit code is 1.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

import { providersPage } from "./docs/providers.mjs";
import { templatesPage } from "./docs/templates.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const { PROVIDERS, FAMILIES, readDeclarations } = await load(`
  export { PROVIDERS } from "./mace/services/all.ts";
  export { FAMILIES } from "./mace/services/provider.ts";
  export { readDeclarations } from "./mace/declarations.ts";
`);

const pages = {
  "docs/providers.md": providersPage([...PROVIDERS.values()], FAMILIES),
  "docs/templates.md": templatesPage(layers()),
};
const stale = Object.entries(pages).filter(([page, text]) => textOf(page) !== text);
if (process.argv.includes("--check")) {
  for (const [page] of stale) process.stderr.write(`${page} is not what the sources say: run npm run docs\n`);
  process.exitCode = stale.length > 0 ? 1 : 0;
} else for (const [page, text] of stale) writeFileSync(join(root, page), text);

/** Every layer of the templates: its name, the services that it configures and what it declares. */
function layers() {
  const names = readdirSync(join(root, "templates")).filter((name) => /^\d{4}\./.test(name));
  return names.sort().map((name) => {
    const entries = readdirSync(join(root, "templates", name), { withFileTypes: true });
    const services = entries
      .filter((entry) => entry.isDirectory() && entry.name.endsWith(".d"))
      .map((entry) => entry.name);
    return { name, services: services.sort(), variables: variablesOf(`templates/${name}/layer.yaml`) };
  });
}

function variablesOf(file) {
  const bytes = bytesOf(file);
  const read = readDeclarations(file, bytes ?? Buffer.alloc(0));
  if (!read.ok) throw new Error(read.problems.map(({ where, what }) => `${file}:${where?.line} ${what}`).join("\n"));
  return [...read.value.values()];
}

/** Bundled in memory, because Node does not read TypeScript by itself. */
async function load(contents) {
  const bundled = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    write: false,
    logLevel: "warning",
  });
  return import(`data:text/javascript;base64,${Buffer.from(bundled.outputFiles[0].text).toString("base64")}`);
}

function textOf(page) {
  return bytesOf(page)?.toString("utf8");
}

function bytesOf(file) {
  try {
    return readFileSync(join(root, file));
  } catch {
    return undefined; // not made yet, or a layer without variables
  }
}
