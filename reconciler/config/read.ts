// The path of config.yaml in; the settings of this server, or every problem with them, out.
import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";
import { explainSchemaErrors } from "../desired/explain-schema.ts";
import { validateConfig } from "./validators.generated.js";
import { parseYaml } from "../desired/yaml.ts";
import type { ParsedYaml } from "../desired/yaml.ts";
import type { Config } from "./config.ts";
import { normalize } from "./normalize.ts";
import { brokenRules } from "./rules.ts";
import type { WrittenConfig } from "./written-config.ts";

/** Four beats: read, parse, normalize, rules. Every problem is found in one reading. */
export async function readConfig(path: string, uid = process.getuid?.() ?? -1): Promise<Result<Config>> {
  const file = resolve(path);
  const bytes = await readTrusted(file, uid);
  return bytes.ok ? parseConfig(file, bytes.value) : bytes;
}

/** The last three beats, for the text of a file that was read. */
export function parseConfig(file: string, bytes: Buffer, machineName = hostname()): Result<Config> {
  const yaml = parseYaml(file, bytes);
  if (!yaml.ok) return yaml;
  const written = check(yaml.value);
  if (!written.ok) return written;
  const config = normalize(file, written.value, machineName);
  const problems = brokenRules(config, yaml.value.place);
  return problems.length > 0 ? refuse(...problems) : succeed(freeze(config));
}

async function readTrusted(file: string, uid: number): Promise<Result<Buffer>> {
  try {
    const { mode, uid: owner } = await stat(file);
    const untrusted = faultOfOwner(file, mode, owner, uid);
    return untrusted === undefined ? succeed(await readFile(file)) : refuse(untrusted);
  } catch (error) {
    return refuse(unreadable(file, codeOf(error)));
  }
}

/** Whoever can write the settings of root's daemon is root. */
export function faultOfOwner(file: string, mode: number, owner: number, uid: number): Problem | undefined {
  if (uid !== 0) return undefined;
  const where = { file };
  if (owner !== 0) {
    const hint = `chown root:root ${file}`;
    return {
      code: "config-not-roots",
      where,
      what: "it belongs to another user than root, who could then become root",
      hint,
    };
  }
  if ((mode & 0o022) === 0) return undefined;
  const hint = `chmod go-w ${file}`;
  return { code: "config-writable", where, what: "others than root can write it, and could then become root", hint };
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
}

function unreadable(file: string, code: string): Problem {
  const where = { file };
  if (code === "ENOENT" || code === "ENOTDIR") {
    const hint =
      "make one with `reconcile init DIR` for a trial in a folder, or with `reconcile init --server ...` on a school's server";
    return { code: "no-config", where, what: "there is no configuration here", hint };
  }
  if (code === "EISDIR")
    return { code: "config-unreadable", where, what: "this is a folder", hint: `did you mean ${file}/config.yaml?` };
  const hint =
    code === "EACCES"
      ? `run it as root, or look at the permissions: ls -l ${dirname(file)}`
      : "look at the disk: dmesg may say more";
  return { code: "config-unreadable", where, what: `it cannot be read (${code})`, hint };
}

function check(yaml: ParsedYaml): Result<WrittenConfig> {
  const value: unknown = yaml.value ?? {};
  return validateConfig(value) ? succeed(value) : refuse(...explainSchemaErrors(validateConfig.errors ?? [], yaml));
}

function freeze<T extends object>(value: T): T {
  for (const inner of Object.values(value) as unknown[]) {
    if (typeof inner === "object" && inner !== null) freeze(inner);
  }
  return Object.freeze(value);
}
