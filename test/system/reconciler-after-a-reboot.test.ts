// Somebody reboots the server: the service is back by itself, puts right what changed meanwhile, and is calm after that.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { lstatSync, readFileSync } from "node:fs";
import { bootsHosts } from "../support/hosts.ts";
import { BootedSchool } from "./school.ts";

const onHosts = bootsHosts() ? test : test.skip;

const MOTD = "/etc/motd";
const FLEET = { "fleet.yaml": "files:\n  /etc/motd: { copy: files/motd }\n", "files/motd": "Welcome.\n" };

let school: BootedSchool;
let commit: string;

beforeAll(async () => {
  if (!bootsHosts()) return;
  school = await BootedSchool.open();
  commit = await school.commit(FLEET);
  await school.enable();
  await school.untilSettledAt(commit);
});

afterAll(async () => {
  if (bootsHosts()) await school.close();
});

onHosts("after a reboot the service is back by itself, and its first run is calm", async () => {
  const before = stamp();
  const [last] = await school.history();
  await school.server.reboot();
  await school.server.until("a run of the new boot", async () => (await school.history())[0]?.run !== last?.run);
  expect((await school.history())[0]).toMatchObject({ trigger: "boot", result: "unchanged", settled: true });
  expect(await school.server.must("systemctl", "is-active", "reconciler")).toBe("active");
  expect(await school.server.must("systemctl", "is-system-running")).toBe("running");
  expect(stamp()).toEqual(before);
});

onHosts("asked to stop, the service ends at once, and well", async () => {
  await school.server.must("systemctl", "stop", "reconciler");
  const told = await school.server.must("systemctl", "show", "reconciler", "--property=Result,ExecMainStatus");
  expect(told.split("\n").sort()).toEqual(["ExecMainStatus=0", "Result=success"]);
});

onHosts("what changed while the server was off is put right at the next boot", async () => {
  await school.server.kill();
  school.server.put(MOTD, "Somebody wrote this with the disk in another machine.\n");
  await school.server.boot();
  await school.server.until(
    "the file is put right",
    () => readFileSync(school.server.at(MOTD), "utf8") === "Welcome.\n",
  );
  await school.untilSettledAt(commit);
});

function stamp(): readonly unknown[] {
  const { ino, ctimeMs, uid, mode } = lstatSync(school.server.at(MOTD));
  return [ino, ctimeMs, uid, mode, readFileSync(school.server.at(MOTD), "utf8")];
}
