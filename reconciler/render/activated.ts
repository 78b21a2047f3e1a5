// What mace rendered in; the services that read it, with how each is made to read it again, out.
import type { Family, Rendering } from "../../mace/model.ts";
import { PROVIDERS } from "../../mace/services/all.ts";
import type { Activation } from "../../mace/services/provider.ts";
import type { Running } from "../model/target.ts";

export interface Activated {
  /** As this family calls it, without `.service`. */
  readonly name: string;
  readonly running: Running;
}

/** How long a service is watched after it was renewed, when nobody says otherwise. */
const SETTLE_MS = 5000;

export function activatedServices({ files }: Rendering, family: Family): readonly Activated[] {
  const services = new Map<string, { how: Activation["how"]; reads: Set<string>; packages: Set<string> }>();
  for (const { path, service, confile } of files) {
    const provider = PROVIDERS.get(service);
    const activation = provider?.confiles[confile]?.activation ?? provider?.activation;
    const unit = activation?.units[family];
    if (activation === undefined || unit === undefined) continue;
    const name = unit.replace(/\.service$/u, "");
    const known = services.get(name) ?? { how: activation.how, reads: new Set(), packages: new Set() };
    known.reads.add(path);
    const packages = provider?.confiles[confile]?.packages ?? provider?.packages;
    for (const each of packages?.[family] ?? []) known.packages.add(each);
    services.set(name, known);
  }
  return Array.from(services, ([name, { how, reads, packages }]) => ({
    name,
    running: {
      reads: [...reads].sort(),
      packages: [...packages].sort(),
      renew: how === "reload" ? "reload" : "restart",
      settleMs: SETTLE_MS,
    },
  }));
}
