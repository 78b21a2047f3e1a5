// The reconciler as a service of a booted server, on "/" itself: signed commits come over ssh, settle, or are refused whole.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { lstatSync, readFileSync, readdirSync } from "node:fs";
import { bootsHosts } from "../support/hosts.ts";
import { BootedSchool } from "./school.ts";

const onHosts = bootsHosts() ? test : test.skip;

const SSH = "/etc/ssh/sshd_config.d/00-school.conf";
const FLEET = `files:
  /etc/motd: { copy: files/motd }
  /srv/library/list.txt: { copy: files/list, owner: librarian, group: librarian, mode: "0640" }
  /srv/library: { directory: true, owner: librarian, group: librarian, mode: "2750" }
`;
const GOOD = {
  "fleet.yaml": FLEET,
  "files/motd": "Welcome to our school.\n",
  "files/list": "Platero y yo\n",
  "config/fleet/ssh.d/10-who.conf": "PermitRootLogin prohibit-password\n",
};

let school: BootedSchool;

beforeAll(async () => {
  if (bootsHosts()) school = await BootedSchool.open();
});

afterAll(async () => {
  if (bootsHosts()) await school.close();
});

onHosts("the service settles a signed commit, with the owners that it names", async () => {
  const commit = await school.commit(GOOD);
  await school.enable();
  await school.untilSettledAt(commit);
  expect(owned("/etc/motd")).toEqual("0:0 100644 Welcome to our school.\n");
  expect(owned("/srv/library")).toEqual("1500:1500 42750");
  expect(owned("/srv/library/list.txt")).toEqual("1500:1500 100640 Platero y yo\n");
  expect(owned(SSH)).toMatch(/^0:0 100644 # Made by mace[^]*PermitRootLogin prohibit-password\n$/);
  expect(await school.reconcile("status")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^server +escuela-12: settled\n/),
  });
});

onHosts("another cycle is calm", async () => {
  const before = stamps();
  expect(await school.reconcile("--now")).toMatchObject({ code: 0, stdout: expect.stringContaining("unchanged") });
  expect(stamps()).toEqual(before);
});

onHosts("what sshd itself refuses is not put in place, nor is anything that came with it", async () => {
  const before = stamps();
  await school.commit({
    ...GOOD,
    "files/motd": "Another welcome.\n",
    "config/fleet/ssh.d/20-broken.conf": "PermitRotLogin no\n",
  });
  const { code, stdout, stderr } = await school.reconcile("--now");
  expect(code).toBe(1);
  expect(`${stdout}${stderr}`).toMatch(/Bad configuration option: PermitRotLogin/);
  expect(stamps()).toEqual(before);
  expect((await school.status()).settled).toBe(false);
});

onHosts("while that commit stands, what somebody changes on the server is put right all the same", async () => {
  await school.server.must("sh", "-c", "echo by hand >>/etc/motd; chown root /srv/library/list.txt");
  await school.reconcile("--now");
  expect(owned("/etc/motd")).toEqual("0:0 100644 Welcome to our school.\n");
  expect(owned("/srv/library/list.txt")).toEqual("1500:1500 100640 Platero y yo\n");
});

onHosts("the commit that puts it right is settled", async () => {
  const commit = await school.commit({ ...GOOD, "files/motd": "Another welcome.\n" });
  expect(await school.reconcile("--now")).toMatchObject({ code: 0 });
  await school.untilSettledAt(commit);
  expect(owned("/etc/motd")).toEqual("0:0 100644 Another welcome.\n");
});

onHosts("a folder of data comes from the mothership over ssh, and follows it", async () => {
  const fleet = `${FLEET}data:\n  /srv/lists: { rsync: "root@mothership:/srv/lists" }\n`;
  school.putOnMothership("/srv/lists/blocked.txt", "bad.example\n");
  await school.commit({ ...GOOD, "files/motd": "Another welcome.\n", "fleet.yaml": fleet });
  expect(await school.reconcile("--now")).toMatchObject({ code: 0 });
  expect(readFileSync(school.server.at("/srv/lists/blocked.txt"), "utf8")).toBe("bad.example\n");
  school.putOnMothership("/srv/lists/blocked.txt", "bad.example\nworse.example\n");
  expect(await school.reconcile("--now")).toMatchObject({ code: 0 });
  expect(readFileSync(school.server.at("/srv/lists/blocked.txt"), "utf8")).toBe("bad.example\nworse.example\n");
});

function owned(path: string): string {
  const { uid, gid, mode } = lstatSync(school.server.at(path));
  const content = path === "/srv/library" ? "" : ` ${readFileSync(school.server.at(path), "utf8")}`;
  return `${uid}:${gid} ${mode.toString(8)}${content}`;
}

/** Everything in the folders that are kept, with what changes whenever a file is touched. */
function stamps(): readonly string[] {
  const folders = ["/etc/ssh/sshd_config.d", "/srv/library"];
  const paths = folders.flatMap((folder) => readdirSync(school.server.at(folder)).map((name) => `${folder}/${name}`));
  return ["/etc/motd", ...paths].map((path) => {
    const { ino, ctimeMs } = lstatSync(school.server.at(path));
    return `${path} ${ino} ${ctimeMs} ${readFileSync(school.server.at(path), "utf8")}`;
  });
}
