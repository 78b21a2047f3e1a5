// Repositories' lists in; newer versions of what is installed out, with what their advisories say of them.
import { refuse, succeed, type Result } from "../../../../common/problem.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import type { Upgrade } from "../manager.ts";
import { walk } from "../rpm/cache.ts";
import { causeOf } from "../rpm/causes.ts";
import type { Entry } from "../rpm/database.ts";
import { versionsByKey, type Offer } from "../rpm/offers.ts";
import { versionsOf } from "../rpm/wishes.ts";
import { OFFLINE, queryDnf } from "./call.ts";
import { parseRows, ROW_FORMAT } from "./rows.ts";

export const CACHE = "/var/cache/dnf";

export async function upgradesByDnf(
  machine: MachineReader,
  entries: readonly Entry[],
): Promise<Result<readonly Upgrade[]>> {
  const rows = await askFor(machine);
  if (!rows.ok) return rows;
  const security = rows.value.length > 0 && hasAdvisories(machine) ? await askFor(machine, "--security") : undefined;
  if (security?.ok === false) return security;
  const urgent = security === undefined ? undefined : new Set(security.value.map(({ key }) => key));
  const versions = versionsOf(entries);
  const newest = [...versionsByKey(rows.value)];
  return succeed(newest.flatMap(([name, offered]) => upgradeOf(name, versions.get(name), offered.at(-1), urgent)));
}

function upgradeOf(
  name: string,
  from: string | undefined,
  to: string | undefined,
  urgent: ReadonlySet<string> | undefined,
): Upgrade[] {
  if (from === undefined || to === undefined) return [];
  return [{ name, from, to, ...(urgent === undefined ? {} : { security: urgent.has(name) }) }];
}

async function askFor(machine: MachineReader, ...filter: readonly string[]): Promise<Result<readonly Offer[]>> {
  const result = await queryDnf(machine, OFFLINE, "-q", "repoquery", "--upgrades", ...filter, "--qf", ROW_FORMAT);
  return result.code === 0 ? succeed(parseRows(result.stdout.toString())) : refuse(causeOf("dnf", result));
}

/** Only some repositories say which of their updates mend a weakness. */
function hasAdvisories({ files }: MachineReader): boolean {
  return walk(files, CACHE, 3).some((path) => path.includes("updateinfo"));
}
