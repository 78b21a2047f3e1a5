// The packages that went into a bundle in, one text with the licence of each out.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** For every package of which a file is in the bundle: its name, version and licence text. Sorted by name. */
export function thirdPartyLicences(root, metafile) {
  const folders = new Set(bundledInputs(metafile).map(packageFolder).filter(Boolean));
  const entries = [...folders].sort().map((folder) => licenceOf(root, folder));
  return ["The programs in this folder contain code of these packages.\n", ...entries].join("\n");
}

function bundledInputs(metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
}

/** `node_modules/a/node_modules/@b/c` for a file of c; undefined for a source of ours. */
function packageFolder(path) {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
}

function licenceOf(root, folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? "" : readFileSync(join(root, folder, file), "utf8").trim();
  return `${"-".repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`;
}
