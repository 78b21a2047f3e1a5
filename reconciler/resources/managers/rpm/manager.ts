// A front (dnf's or zypper's words) in; a package manager out.
import { refuse } from "../../../../common/problem.ts";
import { tellingLater } from "../../file/telling.ts";
import type { PackageManager } from "../manager.ts";
import { findBroken } from "./broken.ts";
import { conffileHintsOf } from "./conffiles.ts";
import { installedOf, readEntries } from "./database.ts";
import type { Front } from "./front.ts";
import { lockHolderOf } from "./lock.ts";
import { badActions, badNames, isName } from "./names.ts";
import { noTime, performActions } from "./perform.ts";
import { repairRpm } from "./repair.ts";
import { requestOf } from "./request.ts";
import { secureArchive } from "./secure.ts";
import { simulateWishes } from "./simulate.ts";
import { compareVersions } from "./version.ts";

export function rpmManager(front: Front): PackageManager {
  return {
    name: front.name,
    async installed(machine, names) {
      const bad = badNames(names ?? []);
      if (bad.length > 0) return refuse(...bad);
      const entries = await readEntries(machine, names);
      return entries.ok ? { ok: true, value: installedOf(entries.value, await front.holds(machine)) } : entries;
    },
    isAtLeast: (_machine, version, minimum) => Promise.resolve(compareVersions(version, minimum) >= 0),
    broken: findBroken,
    repair: (machine, options) => tellingLater(() => repairRpm(front, machine, options)),
    lockHolder: (machine) => lockHolderOf(machine, front.pidFiles),
    refresh: (machine, options) => front.refresh(machine, options),
    async upgrades(machine) {
      const entries = await readEntries(machine);
      return entries.ok ? front.upgrades(machine, entries.value) : entries;
    },
    simulate: (machine, wishes) => simulateWishes(front, machine, wishes),
    async download(machine, actions, options) {
      const bad = badActions(actions);
      if (bad.length > 0 || actions.every(({ to }) => to === undefined)) return bad;
      if (options.signal.aborted) return [noTime(front)];
      const entries = await readEntries(machine);
      return entries.ok ? front.download(machine, requestOf(actions, [], entries.value), options) : entries.problems;
    },
    secure: (machine, installed, store, options) => secureArchive(front, machine, installed, store, options),
    perform: (machine, actions, archives, options) =>
      tellingLater(() => performActions(front, machine, actions, archives, options)),
    async hold(machine, names, held, options) {
      const bad = badNames(names);
      if (bad.length > 0 || names.length === 0) return bad;
      const entries = await readEntries(machine, names);
      return entries.ok ? front.hold(machine, entries.value, held, options) : entries.problems;
    },
    conffileHints: (machine, names) => conffileHintsOf(machine, names.filter(isName)),
  };
}
