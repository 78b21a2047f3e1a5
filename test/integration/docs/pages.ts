// A page of the documentation in; its shell lines out, and what they do in a shell of their own.
import { mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runCommand } from "../../../reconciler/machine/command.ts";

const PROJECT = join(import.meta.dirname, "../../..");

export interface Said {
  readonly code: number | undefined;
  /** Both streams, stdout first. */
  readonly text: string;
}

/** The fenced blocks of one section, as they stand there; those without a language and those of `sh`. */
export function shellBlocks(page: string, heading: string): readonly string[] {
  const [, from] = readFileSync(join(PROJECT, page), "utf8").split(`\n## ${heading}\n`);
  if (from === undefined) throw new Error(`${page} has no section "${heading}"`);
  const [section = ""] = from.split(/\n## /u);
  return [...section.matchAll(/^```(?:sh)?\n(.*?)^```$/gmsu)].map(([, block = ""]) => block);
}

/** Makes `reconcile` and `mace` commands of a person whose home is this folder. */
export function settleIn(home: string): void {
  mkdirSync(join(home, "bin"));
  for (const name of ["reconcile", "mace"]) symlinkSync(join(PROJECT, `dist/${name}.js`), join(home, "bin", name));
}

/** A block in a shell that stops at the first line that fails. */
export async function paste(home: string, block: string, env: Readonly<Record<string, string>> = {}): Promise<Said> {
  const told = await runCommand(["/bin/sh", "-e", "-c", block], {
    timeoutMs: 60_000,
    cwd: home,
    env: {
      HOME: home,
      PATH: [join(home, "bin"), process.env["PATH"]].join(delimiter),
      GIT_CONFIG_NOSYSTEM: "1",
      ...env,
    },
  });
  return { code: told.code, text: told.stdout.toString("utf8") + told.stderr };
}
