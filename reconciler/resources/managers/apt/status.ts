// What dpkg-query says of packages in, which of them are there and in which state out.
import { refuse, succeed, type Result } from "../../../../common/problem.ts";
import type { CommandResult, MachineReader } from "../../../machine/machine.ts";
import type { InstalledPackage } from "../manager.ts";
import { dpkg, dpkgQuery, look } from "./call.ts";
import { complaints } from "./complaints.ts";
import { unfitNames } from "./words.ts";

/** One package that dpkg knows more of than its name. */
export interface PackageStatus {
  /** With its architecture where it is not the machine's own, as apt-get prints it. */
  readonly name: string;
  readonly architecture: string;
  readonly version: string;
  readonly held: boolean;
  /** dpkg's own word: `installed`, `half-configured`, `config-files`, ... */
  readonly state: string;
  /** Its files are in such a state that dpkg wants it unpacked again. */
  readonly wantsReinstall: boolean;
}

const FIELDS = ["Package", "Architecture", "Version", "db:Status-Want", "db:Status-Status", "db:Status-Eflag"];
const FORMAT = `${FIELDS.map((field) => `\${${field}}`).join("\\t")}\\n`;

/** Those of `names` that dpkg has something of, or all when left out. */
export async function statuses(
  machine: MachineReader,
  names?: readonly string[],
): Promise<Result<readonly PackageStatus[]>> {
  if (names?.length === 0) return succeed([]);
  const bad = unfitNames(names ?? []);
  if (bad.length > 0) return refuse(...bad);
  const own = await look(machine, dpkg(machine, "--print-architecture"));
  const query = names === undefined ? [] : ["--", ...names];
  const answer = await look(machine, dpkgQuery(machine, "--show", `--showformat=${FORMAT}`, ...query));
  // Exit code 1: some of the names are not known, which is an answer as well.
  if (own.code !== 0) return refuse(...complaints(own, "dpkg --print-architecture"));
  if (answer.code !== 0 && !onlyUnknownNames(answer)) return refuse(...complaints(answer, "dpkg-query"));
  return succeed(parseStatuses(answer.stdout.toString(), own.stdout.toString().trim()));
}

function onlyUnknownNames({ code, stderr }: CommandResult): boolean {
  const lines = stderr.split("\n").filter((line) => line !== "");
  return code === 1 && lines.every((line) => line.startsWith("dpkg-query: no packages found matching "));
}

export function parseStatuses(text: string, ownArchitecture: string): readonly PackageStatus[] {
  return text.split("\n").flatMap((line) => {
    const [name = "", architecture = "", version = "", want, state = "", flag, ...more] = line.split("\t");
    if (name === "" || flag === undefined || more.length > 0) return [];
    const own = architecture === ownArchitecture || architecture === "all" || architecture === "";
    return [
      {
        name: own ? name : `${name}:${architecture}`,
        architecture,
        version,
        held: want === "hold",
        state,
        wantsReinstall: flag === "reinstreq",
      },
    ];
  });
}

/** Files of it are there, whole or half: there is something that can be changed or taken away. */
export function isThere({ state, version }: PackageStatus): boolean {
  return version !== "" && state !== "not-installed" && state !== "config-files";
}

/** Somebody or something stopped dpkg before it was done with it. */
export function isHalfDone({ state, wantsReinstall }: PackageStatus): boolean {
  return wantsReinstall || !["installed", "not-installed", "config-files"].includes(state);
}

export async function installed(
  machine: MachineReader,
  names?: readonly string[],
): Promise<Result<ReadonlyMap<string, InstalledPackage>>> {
  const known = await statuses(machine, names);
  if (!known.ok) return known;
  const there = known.value.filter(isThere).filter(({ name }) => names === undefined || names.includes(name));
  return succeed(new Map(there.map(({ name, version, held }) => [name, { version, held }])));
}
