// Which package manager keeps a root.
import { expect, test } from "@jest/globals";
import { detectManager } from "../../../../reconciler/resources/managers/detect.ts";
import { memoryMachine } from "../../../support/accounts.ts";
import { MemoryFiles } from "../../../support/memory-files.ts";

test.each([
  ["apt", ["/var/lib/dpkg/status"]],
  ["pacman", ["/var/lib/pacman/local/ALPM_DB_VERSION"]],
  ["apk", ["/lib/apk/db/installed"]],
  ["apk", ["/usr/lib/apk/db/installed"]],
  ["dnf", ["/var/lib/rpm/rpmdb.sqlite"]],
  ["dnf", ["/usr/lib/sysimage/rpm/rpmdb.sqlite", "/etc/dnf/dnf.conf"]],
  ["zypper", ["/usr/lib/sysimage/rpm/rpmdb.sqlite", "/etc/zypp/zypp.conf"]],
  [undefined, ["/etc/zypp/zypp.conf"]],
  [undefined, ["/usr/bin/apt-get", "/usr/bin/pacman", "/etc/pacman.conf"]],
] as const)("%s where there is %j", (name, paths) => {
  const files = new MemoryFiles();
  for (const path of paths) files.put(path, "");
  expect(detectManager(memoryMachine(files))?.name).toBe(name);
});
