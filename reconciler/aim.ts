// A trusted revision in; what this server should be under it out: from the last run when nothing moved, rendered anew
// otherwise.
import { createHash } from "node:crypto";
import { readAccounts, type Accounts } from "./accounts.ts";
import { scope } from "./desired/paths.ts";
import { readHost } from "./desired/select.ts";
import type { Ground } from "./ground.ts";
import type { DesiredState } from "./model/desired.ts";
import type { Revision, Tree } from "./model/revision.ts";
import type { Target } from "./model/target.ts";
import { readFamily, readTemplates } from "./render/ingredients.ts";
import { render } from "./render/render.ts";
import type { Rendered } from "./render/rendered.ts";
import type { Mirror } from "./source/mirror.ts";
import { loadTarget, saveTarget } from "./state/target-cache.ts";
import { templatesFolder } from "./package-paths.ts";
import { BUILD } from "./version.ts";
import { succeed, type Problem, type Result } from "../common/problem.ts";

export interface Aim {
  readonly revision: Revision;
  /** Of all texts that this host reads: what quarantine goes by. */
  readonly digest: string;
  readonly target: Target;
  /** The Target with its bytes and where they came from; renders them if that was not needed yet. */
  rendered(): Promise<Result<Rendered>>;
  readonly notices: readonly Problem[];
}

export async function aim(ground: Ground, mirror: Mirror, revision: Revision): Promise<Result<Aim>> {
  const known = await readAccounts(ground.machine);
  if (!known.ok) return known;
  const accounts = known.value;
  const base = await groundDigest(ground, accounts);
  // Other templates than those this program was built with may change at any time, so nothing is taken for granted.
  const cached = ground.config.templates === templatesFolder() ? await loadTarget(ground.state) : undefined;
  if (cached?.tree === revision.tree && cached.ground === base) {
    const { digest, target } = cached;
    const again = async (): Promise<Result<Rendered>> => {
      const made = await makeAnew(ground, mirror, revision, accounts, base);
      return made.ok ? succeed(made.value.rendered) : made;
    };
    return succeed({ revision, digest, target, rendered: again, notices: [] });
  }
  const made = await makeAnew(ground, mirror, revision, accounts, base);
  if (!made.ok) return made;
  const { digest, rendered } = made.value;
  const { target, notices } = rendered;
  await saveTarget(ground.state, { tree: revision.tree, ground: base, digest, target });
  return succeed({ revision, digest, target, rendered: () => Promise.resolve(succeed(rendered)), notices });
}

async function makeAnew(
  ground: Ground,
  mirror: Mirror,
  revision: Revision,
  accounts: Accounts,
  base: string,
): Promise<Result<{ digest: string; rendered: Rendered }>> {
  const { config } = ground;
  const { fileBytes, treeBytes: totalBytes, treeFiles: files } = config.limits;
  const reading = await mirror.read(revision, scope(config.host), { fileBytes, totalBytes, files });
  if (!reading.ok) return reading;
  const { tree, digest } = reading.value;
  const desired = readHost(tree, config.host);
  if (!desired.ok) return desired;
  const key = createHash("sha256").update(`${base}\0${digest}`).digest("hex");
  const rendered = await renderHost(ground, desired.value, tree, accounts, key);
  return rendered.ok ? succeed({ digest, rendered: rendered.value }) : rendered;
}

/** Everything after the texts of a host are known. */
async function renderHost(
  ground: Ground,
  desired: DesiredState,
  tree: Tree,
  accounts: Accounts,
  key: string,
): Promise<Result<Rendered>> {
  const templates = await readTemplates(ground.config.templates);
  if (!templates.ok) return templates;
  const { privileged } = ground.machine;
  const family = await readFamily(ground.machine);
  return render({ desired, tree, templates: templates.value, accounts, family, privileged, key });
}

/** Whatever a Target depends on besides the repository. */
async function groundDigest({ config, machine }: Ground, accounts: Accounts): Promise<string> {
  const family = await readFamily(machine);
  const parts = [BUILD, config.host, accounts.digest, family, String(machine.privileged)];
  return createHash("sha256").update(parts.join("\0")).digest("hex");
}
