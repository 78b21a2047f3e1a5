// `npm run bench`: bundles bench/rooms.ts and runs it, with a heading for its table.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root, setUp } from "./setup.mjs";

await setUp();
const { build } = await import("esbuild");
const folder = mkdtempSync(join(tmpdir(), "sugar-bench-"));
try {
  const outfile = join(folder, "rooms.mjs");
  const banner = { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' };
  const entryPoints = [join(root, "bench/rooms.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", target: "node20", banner });
  process.stdout.write("| in one process | first | median |\n| --- | --- | --- |\n");
  process.exitCode = spawnSync(process.execPath, [outfile, join(root, "templates")], { stdio: "inherit" }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
