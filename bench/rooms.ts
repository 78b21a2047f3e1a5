// What single rooms of the house cost in a warm process: median of many runs, and the first one. Prints a table.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkFleet } from "../reconciler/check-fleet.ts";
import { readHost } from "../reconciler/desired/select.ts";
import { openFiles } from "../reconciler/machine/real-files.ts";
import type { Tree } from "../reconciler/model/revision.ts";
import { readTemplates } from "../reconciler/render/ingredients.ts";
import type { Result } from "../common/problem.ts";
import { parseEnvironment } from "../mace/environment.ts";
import { make } from "../mace/make.ts";
import { readRoot } from "../mace/walk.ts";

const [templates = "templates"] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "rooms-"));

try {
  const gateway = await wholeGateway();
  const [desired, schools] = [tenThousandFiles(), thousandSchools()];
  const shipped = well(await readTemplates(templates));
  const paths = tenThousandPaths();
  row("mace renders a gateway with all its layers", 20, () => well(make(gateway)));
  row("mace renders 10,000 pieces into 2,500 files", 10, () => well(make(tenThousandPieces())));
  row("10,000 wishes in YAML become a desired state", 5, () => well(readHost(desired, "a")));
  row("1,000 schools are checked", 2, () => checkFleet(schools, shipped));
  row("10,000 files are looked at (lstat)", 10, () => openFiles(folder).stats(paths));
} finally {
  rmSync(folder, { recursive: true });
}

function row(what: string, runs: number, work: () => unknown): void {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  const median = times.toSorted((one, other) => one - other)[Math.floor(runs / 2)] ?? 0;
  process.stdout.write(`| ${what} | ${(times[0] ?? 0).toFixed(1)} ms | ${median.toFixed(1)} ms |\n`);
}

function well<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems.slice(0, 3)));
  return result.value;
}

/** As `mace plan templates/examples/gateway.env` reads them. */
async function wholeGateway() {
  const env = well(parseEnvironment("gateway.env", readFileSync(join(templates, "examples/gateway.env"))));
  const layers = env.get("INCLUDE")?.value.split(":") ?? [];
  const read = await Promise.all(
    layers.map(async (layer) => ({ layer, root: well(await readRoot(layer, join(templates, layer))) })),
  );
  const roots = read.map(({ layer, root }) => ({
    name: "templates",
    files: new Map(Array.from(root.files, ([path, bytes]) => [`${layer}/${path}`, bytes] as const)),
  }));
  return { roots, env, family: "debian" as const };
}

function tenThousandPieces() {
  const files = new Map<string, Buffer>();
  for (let at = 0; at < 10_000; at++) {
    files.set(`0100.base/files.d/etc/school/${at % 2500}/${at}.conf`, Buffer.from(`name @NAME@\nplain\n${at}\n`));
  }
  const env = new Map([["NAME", { value: "school", where: {} }]]);
  return { roots: [{ name: "one", files }], env, family: "debian" as const };
}

function tenThousandFiles(): Tree {
  const wishes = Array.from(
    { length: 10_000 },
    (_, at) => `  /srv/page-${at}: {copy: files/x, mode: "0644", owner: "0", group: "0"}`,
  );
  return treeOf({ "fleet.yaml": "", "files/x": "x", "schools/a.yaml": `files:\n${wishes.join("\n")}\n` });
}

function thousandSchools(): Tree {
  const schools = Array.from({ length: 1000 }, (_, at): [path: string, text: string] => [
    `schools/escuela-${at}.yaml`,
    `groups: [gateway]\nenv: {NAME: "${at}"}\n`,
  ]);
  return treeOf({
    "fleet.yaml": "env: {GREETING: Welcome}\n",
    "groups/gateway.yaml": "health: {motd: {file: /etc/motd}}\n",
    "config/fleet/files.d/etc/motd/10-hello.conf": "@GREETING@, @NAME@\n",
    ...Object.fromEntries(schools),
  });
}

function treeOf(texts: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(texts).map(([path, text]) => [path, { path, oid: path, bytes: Buffer.from(text) }]));
}

function tenThousandPaths(): readonly string[] {
  const paths: string[] = [];
  for (let at = 0; at < 10_000; at++) {
    if (at < 100) mkdirSync(join(folder, `d${at}`));
    paths.push(`/d${at % 100}/${at}`);
    writeFileSync(join(folder, `d${at % 100}`, String(at)), "");
  }
  return paths;
}
