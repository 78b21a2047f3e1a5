// What the fleet marks as able to cut a server off in; the same with the names of this distribution out.
import type { Family } from "../../mace/model.ts";
import type { DesiredState } from "../model/desired.ts";
import { nameFor } from "../model/family.ts";
import type { Target } from "../model/target.ts";

export function confirmedOn(family: Family, { confirm, services, packages }: DesiredState): Pick<Target, "confirm"> {
  if (confirm === undefined) return {};
  const declared = { service: services, package: packages };
  const words = confirm.flatMap((word) => {
    const [, kind, name = ""] = /^(service|package):(.*)$/u.exec(word) ?? [];
    if (kind !== "service" && kind !== "package") return [word];
    const own = nameFor(family, name, declared[kind].get(name)?.names ?? {});
    return own === undefined ? [] : [`${kind}:${own}`];
  });
  return { confirm: words };
}
