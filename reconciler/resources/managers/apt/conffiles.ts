// Names of packages in, the conffiles of which the maintainer's version lies beside out.
import type { MachineReader } from "../../../machine/machine.ts";
import type { ConffileHint } from "../manager.ts";
import { dpkgQuery, look } from "./call.ts";
import { unfitNames } from "./words.ts";

/** `.dpkg-dist`: kept by dpkg for a person to look at; `.dpkg-new`: dpkg was cut off before it had decided. */
const ENDS = [".dpkg-dist", ".dpkg-new"];
const FORMAT = "${Package}\\n${Conffiles}\\n";

export interface Conffile {
  readonly package: string;
  readonly path: string;
  /** An older version of the package brought it; the one at hand does not. */
  readonly obsolete: boolean;
  /** Of the maintainer's version, in hexadecimal; `newconffile` while dpkg does not know it yet. */
  readonly md5: string;
}

export async function conffileHints(
  machine: MachineReader,
  names: readonly string[],
): Promise<readonly ConffileHint[]> {
  const hints: ConffileHint[] = [];
  for (const { package: name, path } of await conffiles(machine, names)) {
    for (const end of ENDS) {
      const other = `${path}${end}`;
      if (await differs(machine, path, other)) hints.push({ package: name, path, other });
    }
  }
  return hints;
}

export async function conffiles(machine: MachineReader, names: readonly string[]): Promise<readonly Conffile[]> {
  if (names.length === 0 || unfitNames(names).length > 0) return [];
  const answer = await look(machine, dpkgQuery(machine, "--show", `--showformat=${FORMAT}`, "--", ...names));
  return parseConffiles(answer.stdout.toString());
}

export function parseConffiles(text: string): readonly Conffile[] {
  const found: Conffile[] = [];
  let owner = "";
  for (const line of text.split("\n")) {
    const [, path, md5 = "", state] =
      /^ (\/.*) ([0-9a-f]{32}|newconffile)((?: obsolete| remove-on-upgrade)?)$/u.exec(line) ?? [];
    if (path !== undefined) found.push({ package: owner, path, obsolete: state !== "", md5 });
    else if (line !== "") owner = line;
  }
  return found;
}

async function differs({ files }: MachineReader, path: string, other: string): Promise<boolean> {
  const [ours, theirs] = [path, other].map((one) => files.stat(one));
  if (theirs?.type !== "regular") return false;
  if (ours?.type !== "regular" || ours.size !== theirs.size) return true;
  return (await files.digest(path)) !== (await files.digest(other));
}
