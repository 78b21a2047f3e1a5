// apk, of Alpine Linux.
//
// Written from its manual pages and its sources alone: this file and its neighbours have never met the real program.
// They are small on purpose, and refuse what they do not understand. What is known to differ from the other managers: a
// hold, and a wish for one version, is a pin in /etc/apk/world; an archive is only kept where /etc/apk/cache is set up
// (setup-apkcache); and what nothing in world needs any more goes by itself, which the simulation shows.
import { refuse, succeed } from "../../../../common/problem.ts";
import type { PackageManager } from "../manager.ts";
import { download, secure } from "./archives.ts";
import { askApk, INSTALLED, runApk, textOf, WORLD } from "./call.ts";
import { complaints } from "./complaints.ts";
import { lockHolder } from "./lock.ts";
import { configurationIn, parseInstalled, parseUpgrades, pinsIn } from "./parse.ts";
import { perform, simulate } from "./transaction.ts";
import { badNames, isVersion } from "./words.ts";

export const apk: PackageManager = {
  name: "apk",
  async installed(machine, names) {
    const bad = badNames(names ?? []);
    if (bad.length > 0) return refuse(...bad);
    const pins = pinsIn(await textOf(machine, WORLD));
    const entries = parseInstalled(await textOf(machine, INSTALLED));
    const wanted = entries.filter(({ name }) => names === undefined || names.includes(name));
    return succeed(new Map(wanted.map(({ name, version }) => [name, { version, held: pins.has(name) }])));
  },
  async isAtLeast(machine, version, minimum) {
    if (!isVersion(version) || !isVersion(minimum)) return false;
    const { stdout } = await askApk(machine, "version", "--test", version, minimum);
    return ["=", ">"].includes(stdout.toString().trim());
  },
  async broken(machine) {
    const entries = parseInstalled(await textOf(machine, INSTALLED));
    return succeed(entries.filter(({ broken }) => broken).map(({ name }) => name));
  },
  async repair(machine, options) {
    const result = await runApk(machine, options, "fix");
    return result.code === 0 ? [] : complaints(result);
  },
  lockHolder,
  async refresh(machine, options) {
    const result = await runApk(machine, options, "update");
    return result.code === 0 ? [] : complaints(result);
  },
  async upgrades(machine) {
    const result = await askApk(machine, "version", "--limit", "<");
    return result.code === 0 ? succeed(parseUpgrades(result.stdout.toString())) : refuse(...complaints(result));
  },
  simulate,
  download,
  secure,
  perform,
  async hold(machine, names, held, options) {
    const bad = badNames(names);
    if (bad.length > 0 || names.length === 0) return bad;
    const versions = new Map(
      parseInstalled(await textOf(machine, INSTALLED)).map(({ name, version }) => [name, version]),
    );
    const pins = names
      .filter((name) => versions.has(name))
      .map((name) => (held ? `${name}=${versions.get(name) ?? ""}` : name));
    if (pins.length === 0) return [];
    const result = await runApk(machine, options, "add", "--", ...pins);
    return result.code === 0 ? [] : complaints(result);
  },
  async conffileHints(machine, names) {
    const entries = parseInstalled(await textOf(machine, INSTALLED)).filter(({ name }) => names.includes(name));
    return entries.flatMap((entry) =>
      configurationIn(entry)
        .map((path) => ({ package: entry.name, path, other: `${path}.apk-new` }))
        .filter(({ other }) => machine.files.stat(other) !== undefined),
    );
  },
};
