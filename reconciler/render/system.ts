// The accounts, packages, data and services of the desired state become wanted states, each with what it needs.
import { freeId } from "../resources/account/ids.ts";
import type { Family } from "../../mace/model.ts";
import type { Accounts } from "../accounts.ts";
import type { DataWish, DesiredState, GroupWish, PackageWish, ServiceWish, UserWish } from "../model/desired.ts";
import { nameFor } from "../model/family.ts";
import { idOf, type ResourceId } from "../model/state.ts";
import type { Running, Wanted } from "../model/target.ts";
import { dataState } from "./data.ts";
import type { Activated } from "./activated.ts";
import type { Work } from "./work.ts";

/** Names of what the fleet declares get their numbers before files are given to them. */
export function withDeclared(accounts: Accounts, { accounts: { users, groups } }: DesiredState): Accounts {
  return {
    ...accounts,
    groups: numbered(groups.values(), accounts.groups),
    users: numbered(users.values(), accounts.users),
  };
}

function numbered(wishes: Iterable<GroupWish>, known: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const declared = new Declared(known);
  const taken = new Set(known.values());
  for (const { name, id } of wishes) {
    const own = id ?? known.get(name) ?? freeId(name, taken);
    declared.set(name, own);
    taken.add(own);
  }
  return declared;
}

/** What is declared, over what is known; at a desk, where any name may be one of a server, that is no list. */
class Declared extends Map<string, number> {
  readonly #known: ReadonlyMap<string, number>;

  constructor(known: ReadonlyMap<string, number>) {
    super();
    this.#known = known;
  }

  override get(name: string): number | undefined {
    return super.get(name) ?? this.#known.get(name);
  }
}

/** Everything but files, in the order in which a server is built up. */
export function wantedSystem(
  work: Work,
  family: Family,
  activated: readonly Activated[],
): ReadonlyMap<ResourceId, Wanted> {
  const { desired } = work.input;
  const wanted = new Map<ResourceId, Wanted>();
  for (const wish of desired.accounts.groups.values()) wanted.set(idOf("group", wish.name), wantedGroup(work, wish));
  for (const wish of desired.accounts.users.values()) wanted.set(idOf("user", wish.name), wantedUser(work, wish));
  for (const wish of desired.packages.values()) {
    const name = nameFor(family, wish.name, wish.names);
    if (name !== undefined) wanted.set(idOf("package", name), wantedPackage(wish));
  }
  for (const wish of desired.data.values()) wanted.set(idOf("data", wish.path), wantedData(work, wish));
  for (const [name, service] of wantedServices(work, family, activated)) wanted.set(idOf("service", name), service);
  return wanted;
}

function wantedGroup({ input }: Work, { name }: GroupWish): Wanted {
  return { state: { type: "group", gid: input.accounts.groups.get(name) ?? 0 }, policy: "enforce" };
}

function wantedUser({ input }: Work, { name, group, groups, home, shell }: UserWish): Wanted {
  const state = {
    type: "user",
    uid: input.accounts.users.get(name) ?? 0,
    ...{ group, groups },
    ...(home === undefined ? {} : { home }),
    ...(shell === undefined ? {} : { shell }),
  } as const;
  return { state, policy: "enforce", needs: [group, ...groups].map((each) => idOf("group", each)) };
}

function wantedPackage({ state, window }: PackageWish): Wanted {
  return { state, policy: "enforce", ...inWindow(window) };
}

function wantedData(work: Work, wish: DataWish): Wanted {
  const { state, supply } = dataState(work, wish);
  return { state, supply, policy: "enforce", needs: ownersOf(wish), ...inWindow(wish.window) };
}

function ownersOf({ owner, group }: Pick<DataWish, "owner" | "group">): readonly ResourceId[] {
  return [
    ...(owner === undefined ? [] : [idOf("user", owner)]),
    ...(group === undefined ? [] : [idOf("group", group)]),
  ];
}

/** What somebody asks for, and what is only made to read its files again because mace writes them. */
function wantedServices(
  { input: { desired }, entries }: Work,
  family: Family,
  activated: readonly Activated[],
): ReadonlyMap<string, Wanted> {
  const services = new Map<string, Wanted>();
  const paths = [...entries.keys()];
  for (const { name, running } of activated)
    services.set(name, { state: { type: "service" }, policy: "enforce", implied: true, running });
  for (const wish of desired.services.values()) {
    const name = nameFor(family, wish.name, wish.names);
    if (name === undefined) continue;
    const running = together(packagesOn(family, desired, wish), services.get(name)?.running);
    const needs = [...needsOf(running, paths, desired), ...earlierOn(family, desired, wish)];
    services.set(name, { state: wish.state, policy: "enforce", running, needs, ...inWindow(wish.window) });
  }
  return services;
}

/** Services that are not on this family need not be waited for. */
function earlierOn(family: Family, { services }: DesiredState, { after }: ServiceWish): readonly ResourceId[] {
  return after.flatMap((name) => {
    const here = nameFor(family, name, services.get(name)?.names ?? {});
    return here === undefined ? [] : [idOf("service", here)];
  });
}

/** `packages` of a service are the fleet's names. */
function packagesOn(family: Family, { packages }: DesiredState, { running }: ServiceWish): Running {
  const names = running.packages.flatMap((name) => nameFor(family, name, packages.get(name)?.names ?? {}) ?? []);
  return { ...running, packages: names };
}

/** What the fleet says of a service, and what mace knows of it. */
function together(said: Running, known: Running | undefined): Running {
  if (known === undefined) return said;
  return {
    ...said,
    reads: [...new Set([...said.reads, ...known.reads])],
    packages: [...new Set([...said.packages, ...known.packages])],
    // A service that only a restart helps is not reloaded because nobody said otherwise.
    renew: said.renew === "reload" ? known.renew : said.renew,
  };
}

/** A service waits for its packages, and for the files and data that it reads. */
function needsOf(
  { reads, packages }: Running,
  paths: readonly string[],
  { data }: DesiredState,
): readonly ResourceId[] {
  const isRead = (path: string): boolean =>
    reads.some((each) => each === path || (each.endsWith("/") && `${path}/`.startsWith(each)));
  return [
    ...packages.map((name) => idOf("package", name)),
    ...paths.filter(isRead).map((path) => idOf("file", path)),
    ...[...data.keys()].filter(isRead).map((path) => idOf("data", path)),
  ];
}

function inWindow(window: string | undefined): { readonly window?: string } {
  return window === undefined ? {} : { window };
}
