// `mace check`: render everything and let the services' own checkers read it, in a folder of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { check, type Checked } from "../apply/check.ts";
import { runCommand } from "../apply/command.ts";
import { createFile } from "../apply/files.ts";
import { type Result, refuse, succeed } from "../../common/problem.ts";
import { make } from "../make.ts";
import type { Rendering } from "../model.ts";
import { type Output, printJson, printNotices } from "./print.ts";
import type { Options, Settings } from "./settings.ts";

export async function checkSources(settings: Settings, options: Options, output: Output): Promise<Result<void>> {
  const made = make(settings.input, settings.providers);
  if (!made.ok) return made;
  const checked = await checkInFolder(made.value);
  if (checked.problems.length > 0) return refuse(...checked.problems);
  const notices = [...made.value.notices, ...checked.notices];
  const files = made.value.files.map(({ path, service }) => ({
    path,
    service,
    checked: checked.passed.includes(path),
  }));
  if (options.json === true) printJson(output, "mace-check", true, { family: settings.family, files, notices });
  else {
    printNotices(output, notices);
    output.out(`${count(files.length)} rendered, ${checked.passed.length} found good by their own checkers\n`);
  }
  return succeed(undefined);
}

async function checkInFolder(rendering: Rendering): Promise<Checked> {
  const folder = mkdtempSync(join(tmpdir(), "mace-check-"));
  try {
    const staged = rendering.files.map((file, number) => ({ file, at: join(folder, `${number}.conf`) }));
    for (const { file, at } of staged) if (file.checker !== undefined) createFile(at, file.bytes, 0o600);
    return await check(staged, runCommand);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(files: number): string {
  return files === 1 ? "1 file" : `${files} files`;
}
