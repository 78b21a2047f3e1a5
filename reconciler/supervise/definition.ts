// The name of a service in; what its file in /etc/reconciler/services says, or every problem with it, out.
import { FileError, type MachineReader } from "../machine/machine.ts";
import { describeFileError } from "../machine/file-problem.ts";
import { definitionFile } from "../resources/supervisors/embedded-protocol.ts";
import { parseYaml, type ParsedYaml } from "../desired/yaml.ts";
import { nearest } from "../../common/nearest.ts";
import { printable } from "../../common/printable.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";

const LARGEST = 64 * 1024;
const KEYS = ["run", "env", "reload", "restart"] as const;
const SIGNALS = ["SIGHUP", "SIGUSR1", "SIGUSR2", "SIGINT", "SIGTERM", "SIGWINCH"] as const;
const RESTARTS = ["always", "on-failure", "never"] as const;

export interface Definition {
  /** A program (a name in PATH, an absolute path, or one below the managed root that begins with "./") and its arguments. */
  readonly run: readonly string[];
  /** Added to PATH and a fixed locale, which is all that it is told otherwise. */
  readonly env: Readonly<Record<string, string>>;
  /** Makes it read its files again; it cannot be reloaded when left out. */
  readonly reload?: (typeof SIGNALS)[number];
  readonly restart: (typeof RESTARTS)[number];
}

/** Undefined where there is no such file. */
export async function readDefinition(machine: MachineReader, name: string): Promise<Result<Definition> | undefined> {
  const file = definitionFile(name);
  try {
    if (machine.files.stat(file) === undefined) return undefined;
    return parseDefinition(file, await machine.files.read(file, LARGEST));
  } catch (error) {
    if (error instanceof FileError) return refuse(describeFileError(error));
    throw error;
  }
}

function parseDefinition(file: string, bytes: Buffer): Result<Definition> {
  const yaml = parseYaml(file, bytes);
  if (!yaml.ok) return yaml;
  const written: Readonly<Record<string, unknown>> = isMap(yaml.value.value) ? yaml.value.value : {};
  const problems = faultsOf(written, yaml.value.place);
  if (problems.length > 0) return refuse(...problems);
  const { run, env, reload, restart } = written as Partial<Definition>;
  return succeed({
    run: run ?? [],
    env: { ...env },
    ...(reload === undefined ? {} : { reload }),
    restart: restart ?? "on-failure",
  });
}

function faultsOf(written: Readonly<Record<string, unknown>>, place: ParsedYaml["place"]): readonly Problem[] {
  const told = (key: string, what: string, hint: string): Problem => ({
    code: "service-file",
    where: place(`/${key}`),
    what,
    hint,
  });
  const unknown = Object.keys(written).filter((key) => !KEYS.some((known) => known === key));
  return [
    ...unknown.map((key) => told(key, `there is no key "${printable(key)}" here`, hintFor(key))),
    ...(isArguments(written["run"])
      ? []
      : [told("run", "`run` has to be a list of words", "for example: run: [/usr/sbin/squid, -N]")]),
    ...(isEnvironment(written["env"])
      ? []
      : [told("env", "`env` has to be a map of names to texts", 'for example: env: { LANG: "C.UTF-8" }')]),
    ...oneOf("reload", SIGNALS, written, told),
    ...oneOf("restart", RESTARTS, written, told),
  ];
}

function hintFor(key: string): string {
  const near = nearest(key, KEYS);
  return near === undefined ? `there are: ${KEYS.join(", ")}` : `did you mean ${near}?`;
}

function oneOf(
  key: "reload" | "restart",
  words: readonly string[],
  written: Readonly<Record<string, unknown>>,
  told: (key: string, what: string, hint: string) => Problem,
): readonly Problem[] {
  const value = written[key];
  if (value === undefined || words.some((word) => word === value)) return [];
  return [told(key, `\`${key}\` is none of its words`, `write one of ${words.join(", ")}`)];
}

function isArguments(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(isText) && value[0] !== "";
}

function isEnvironment(value: unknown): boolean {
  if (value === undefined) return true;
  return isMap(value) && Object.entries(value).every(([name, text]) => /^[A-Za-z_]\w*$/u.test(name) && isText(text));
}

/** A NUL would end an argument in the middle. */
function isText(value: unknown): value is string {
  return typeof value === "string" && !value.includes("\0");
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
