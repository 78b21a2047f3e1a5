// Repositories' lists in; newer versions of what is installed out, with what their patches say of them.
import { refuse, succeed, type Result } from "../../../../common/problem.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import type { Upgrade } from "../manager.ts";
import { walk } from "../rpm/cache.ts";
import { parseSummary, parseUpdates } from "./answers.ts";
import { queryZypper } from "./call.ts";
import { isDone, whyNot } from "./done.ts";

export const CACHE = "/var/cache/zypp";

export async function upgradesByZypper(machine: MachineReader): Promise<Result<readonly Upgrade[]>> {
  const result = await queryZypper(machine, "--no-refresh", "list-updates");
  if (!isDone(result)) return refuse(whyNot(result));
  const updates = parseUpdates(result.stdout.toString());
  const urgent = updates.length > 0 && hasAdvisories(machine) ? await securityUpdates(machine) : undefined;
  return succeed(
    updates.map(({ key, from, to }) => ({
      name: key,
      from,
      to,
      ...(urgent === undefined ? {} : { security: urgent.has(key) }),
    })),
  );
}

/** Only some repositories say which of their updates mend a weakness. */
function hasAdvisories({ files }: MachineReader): boolean {
  return walk(files, `${CACHE}/raw`, 4).some((path) => path.includes("updateinfo"));
}

/** zypper knows patches, not packages, by category: what applying them all would change. */
async function securityUpdates(machine: MachineReader): Promise<ReadonlySet<string>> {
  const { stdout } = await queryZypper(machine, "--no-refresh", "patch", "--dry-run", "--category", "security");
  return new Set(parseSummary(stdout.toString()).map(({ name }) => name));
}
