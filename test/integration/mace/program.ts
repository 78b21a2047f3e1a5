// The program as a school runs it: bundled into a folder of its own, started as a process.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "esbuild";

const PROJECT = join(import.meta.dirname, "../../..");

export interface Answer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Program {
  /** A temporary folder, for the test's own files as well. */
  readonly folder: string;
  run(...words: readonly string[]): Answer;
  remove(): void;
}

/** Bundles mace beside the project's templates. */
export async function bundleMace(): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), "mace-program-"));
  const outfile = join(folder, "dist/mace.js");
  writeTree(folder, { "package.json": '{ "type": "module" }\n' });
  symlinkSync(join(PROJECT, "templates"), join(folder, "templates"));
  await build({
    entryPoints: [join(PROJECT, "mace/main.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    logLevel: "error",
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
  });
  return {
    folder,
    run(...words) {
      const end = spawnSync(process.execPath, [outfile, ...words], { encoding: "utf8", cwd: folder, timeout: 60_000 });
      return { code: end.status, out: end.stdout, err: end.stderr };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Writes texts by path below a folder. */
export function writeTree(folder: string, texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
