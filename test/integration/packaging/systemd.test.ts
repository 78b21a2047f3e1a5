// The units and scripts that ship are such that systemd, or a shell, understands them word for word.
import { expect, test } from "@jest/globals";
import { execFileSync, spawnSync } from "node:child_process";
import { hasPrograms } from "../../support/needs.ts";

const UNITS = ["reconciler.service", "reconciler-recover.service"].map((name) => `packaging/systemd/${name}`);
const SCRIPTS = [
  "sysvinit/reconciler",
  "sysvinit/reconciler-recover",
  "openrc/reconciler",
  "openrc/reconciler-recover",
];

test("systemd has nothing to say against the units", () => {
  if (!hasPrograms("systemd-analyze")) return;
  const told = spawnSync("systemd-analyze", ["verify", ...UNITS], { encoding: "utf8" });
  expect([told.status, told.stderr, told.stdout]).toEqual([0, "", ""]);
});

test.each(SCRIPTS)("a shell can read %s", (script) => {
  const told = spawnSync("sh", ["-n", `packaging/${script}`], { encoding: "utf8" });
  expect([told.status, told.stderr]).toEqual([0, ""]);
});

test.each(["daemon", "recover"])("they start a verb that there is: %s", (verb) => {
  const help = execFileSync(process.execPath, ["dist/reconcile.js", verb, "--help"], { encoding: "utf8" });
  expect(help).toMatch(new RegExp(`^Usage: reconcile ${verb} `, "u"));
});
