// The unit that ships is one that systemd understands, word for word: its checker tells unknown words only on stderr.
import { expect, test } from "@jest/globals";
import { execFileSync, spawnSync } from "node:child_process";
import { hasPrograms } from "../../support/needs.ts";

const UNIT = "packaging/systemd/reconciler.service";

test("systemd has nothing to say against the unit", () => {
  if (!hasPrograms("systemd-analyze")) return;
  const told = spawnSync("systemd-analyze", ["verify", UNIT], { encoding: "utf8" });
  expect([told.status, told.stderr, told.stdout]).toEqual([0, "", ""]);
});

test("it starts a verb that there is", () => {
  const help = execFileSync(process.execPath, ["dist/reconcile.js", "daemon", "--help"], { encoding: "utf8" });
  expect(help).toMatch(/^Usage: reconcile daemon /u);
});
