// Rules for the names that packages and services have on each family of distributions, once all is merged.
import { nearest } from "../../../common/nearest.ts";
import type { Problem } from "../../../common/problem.ts";
import type { PackageWish, ServiceWish } from "../../model/desired.ts";
import { FAMILIES, nameFor } from "../../model/family.ts";
import type { Wishes } from "../wishes/wishes.ts";

export function packagesAreOnce({ packages }: Pick<Wishes, "packages">): Problem[] {
  return twins(packages).map(({ first, second, family, name }) => {
    const known = `${first.name} and ${second.name} are both the package ${name} on ${family}`;
    const differ = first.state.type !== second.state.type;
    const what = differ ? `${known}, and it cannot be there and be absent` : known;
    const code = differ ? "present-and-absent" : "doubled-package";
    return { code, where: second.where, what, hint: `keep one of the two, or write names: {${family}: null} for one` };
  });
}

export function servicesAreOnce({ services }: Pick<Wishes, "services">): Problem[] {
  return twins(services).map(({ first, second, family, name }) => {
    const what = `${first.name} and ${second.name} are both the service ${name} on ${family}`;
    const hint = `keep one of the two, or write names: {${family}: null} for one`;
    return { code: "doubled-service", where: second.where, what, hint };
  });
}

export function earlierServicesExist({ services }: Pick<Wishes, "services">): Problem[] {
  return [...services.values()].flatMap(({ name, after, where }) =>
    after
      .filter((each) => !services.has(each))
      .map((each) => {
        const near = nearest(each, services.keys());
        const what = `the service ${name} is to start after ${each}, which is not among the services`;
        const hint = `${near === undefined ? "" : `did you mean ${near}? Otherwise `}write it there: ${each}: running`;
        return { code: "unknown-service", where, what, hint };
      }),
  );
}

interface Twins<T> {
  readonly first: T;
  readonly second: T;
  readonly family: string;
  readonly name: string;
}

/** Pairs of wishes that mean the same; each pair once, with the first family on which they do. */
function twins<T extends PackageWish | ServiceWish>(wishes: ReadonlyMap<string, T>): Twins<T>[] {
  const pairs = new Map<string, Twins<T>>();
  for (const family of FAMILIES) {
    const seen = new Map<string, T>();
    for (const second of wishes.values()) {
      const name = nameFor(family, second.name, second.names);
      const first = name === undefined ? undefined : seen.get(name);
      if (name === undefined) continue;
      if (first === undefined) seen.set(name, second);
      else
        pairs.set(
          `${first.name} ${second.name}`,
          pairs.get(`${first.name} ${second.name}`) ?? { first, second, family, name },
        );
    }
  }
  return [...pairs.values()];
}
