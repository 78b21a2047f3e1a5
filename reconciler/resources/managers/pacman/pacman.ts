// pacman, of Arch Linux and its kin.
//
// It cannot install and remove in one transaction, except what stands in the way of something new; so what else goes,
// goes right afterwards. Arch means all packages to be of the same day: a fleet that wants a new version of one, from
// newer lists than those of the others, gets what it asks for as long as the dependencies that are written down hold.
import { refuse, succeed } from "../../../../common/problem.ts";
import type { PackageManager } from "../manager.ts";
import { askPacman, runPacman, vercmp } from "./call.ts";
import { complaints } from "./complaints.ts";
import { conffileHintsOf } from "./conffiles.ts";
import { downloadArchives } from "./download.ts";
import { hold, ignoredPatterns, isIgnored } from "./hold.ts";
import { readInstalled } from "./installed.ts";
import { lockHolderOf } from "./lock.ts";
import { parseUpgrades } from "./parse.ts";
import { performActions } from "./perform.ts";
import { findBroken, repairPacman } from "./repair.ts";
import { secureArchive } from "./secure.ts";
import { simulateWishes } from "./simulate.ts";
import { badNames, isName } from "./words.ts";

export const pacman: PackageManager = {
  name: "pacman",
  async installed(machine, names) {
    const bad = badNames(names ?? []);
    if (bad.length > 0) return refuse(...bad);
    const [versions, ignored] = [await readInstalled(machine), await ignoredPatterns(machine)];
    if (!versions.ok) return versions;
    if (!ignored.ok) return ignored;
    const wanted = [...versions.value].filter(([name]) => names === undefined || names.includes(name));
    return succeed(new Map(wanted.map(([name, version]) => [name, { version, held: isIgnored(name, ignored.value) }])));
  },
  isAtLeast: async (machine, version, minimum) => (await vercmp(machine, version, minimum)) >= 0,
  broken: findBroken,
  repair: repairPacman,
  lockHolder: lockHolderOf,
  async refresh(machine, options) {
    const result = await runPacman(machine, options, "-Sy");
    return result.code === 0 ? [] : complaints(result);
  },
  async upgrades(machine) {
    const result = await askPacman(machine, "-Qu");
    // 1, and not a word, when there is nothing newer.
    const isNothing = result.code === 1 && result.stderr.trim() === "";
    return result.code === 0 || isNothing ? succeed(parseUpgrades(result.stdout)) : refuse(...complaints(result));
  },
  simulate: simulateWishes,
  download: downloadArchives,
  secure: secureArchive,
  perform: performActions,
  hold,
  conffileHints: (machine, names) => conffileHintsOf(machine, names.filter(isName)),
};
