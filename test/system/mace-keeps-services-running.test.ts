// mace on a booted server: a service runs on what mace made for it, and no configuration that it cannot run with stays.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { bootsHosts, Host, type Ended } from "../support/hosts.ts";

const onHosts = bootsHosts() ? test : test.skip;

const SCHOOL = `SRC_ROOT=/srv/school
DST_ROOT=/
INCLUDE=0200.names
LAN_INTERFACE=host0
LAN_ADDRESS=10.77.0.11
DOMAIN=escuela.example
`;
const PIECE = "/srv/school/dnsmasq.d/50-school.conf";
const FINAL = "/etc/dnsmasq.d/school.conf";
/** dnsmasq --test finds nothing wrong with it: that the layer says bind-dynamic already comes out when it starts. */
const CANNOT_START = "bind-interfaces";

let school: Host;

beforeAll(async () => {
  if (!bootsHosts()) return;
  school = await Host.make("escuela-11", 11);
  school.put("/etc/mace/mace.env", SCHOOL);
  school.put(PIECE, "host-record=library.escuela.example,10.77.0.50\n");
  await school.boot();
});

afterAll(async () => {
  if (bootsHosts()) await school.close();
});

onHosts("dnsmasq comes up with what mace made, and answers", async () => {
  const { code, stdout } = await apply();
  expect([code, stdout]).toEqual([0, expect.stringContaining("activated dnsmasq")]);
  expect(await addressOf("schoolserver.escuela.example")).toBe("10.77.0.11");
  expect(await addressOf("library.escuela.example")).toBe("10.77.0.50");
});

onHosts("a second apply says unchanged, and systemd has restarted nothing", async () => {
  const before = await life("dnsmasq");
  const { code, stdout } = await apply();
  expect([code, stdout]).toEqual([0, "unchanged: 1 file\n"]);
  expect(await life("dnsmasq")).toEqual(before);
});

onHosts("a file that passes the check and cannot start is taken back, and the service answers as before", async () => {
  const before = await school.must("cat", FINAL);
  school.put(PIECE, `host-record=library.escuela.example,10.77.0.51\n${CANNOT_START}\n`);
  expect(await school.run("mace", "check")).toMatchObject({ code: 0 });

  const { code, stdout, stderr } = await apply();
  expect(code).toBe(1);
  expect(stdout).toContain("the old files are back");
  expect(stderr).toMatch(/`systemctl restart dnsmasq.service` failed/);
  expect(stderr).toContain("cannot set --bind-interfaces and --bind-dynamic");
  expect(await school.must("cat", FINAL)).toBe(before);
  expect(await school.must("systemctl", "is-active", "dnsmasq")).toBe("active");
  expect(await addressOf("library.escuela.example")).toBe("10.77.0.50");
});

onHosts("with -R the new file stays, and the service that failed, for whoever looks into it", async () => {
  const { code, stdout } = await apply("-R");
  expect([code, stdout]).toEqual([1, expect.not.stringContaining("the old files are back")]);
  expect(await school.must("cat", FINAL)).toContain(CANNOT_START);
  expect(await school.run("systemctl", "is-failed", "dnsmasq")).toMatchObject({ code: 0, stdout: "failed\n" });
});

onHosts("when the source is put right, the service comes back, and then all is calm", async () => {
  school.put(PIECE, "host-record=library.escuela.example,10.77.0.52\n");
  expect(await apply()).toMatchObject({ code: 0 });
  expect(await addressOf("library.escuela.example")).toBe("10.77.0.52");
  const before = await life("dnsmasq");
  expect(await apply()).toMatchObject({ code: 0, stdout: "unchanged: 1 file\n" });
  expect(await life("dnsmasq")).toEqual(before);
});

function apply(...flags: readonly string[]): Promise<Ended> {
  return school.run("mace", "apply", ...flags);
}

/** As a laptop would ask; an empty text when nobody answers. */
function addressOf(name: string): Promise<string> {
  const ask = `
    const asked = new (require("node:dns/promises").Resolver)({ timeout: 2000, tries: 1 });
    asked.setServers([${JSON.stringify(school.address)}]);
    asked.resolve4(${JSON.stringify(name)}).then(([address]) => process.stdout.write(address));`;
  return school.must("node", "-e", ask);
}

/** What changes whenever a service is started anew. */
function life(unit: string): Promise<string> {
  return school.must("systemctl", "show", unit, "--property=NRestarts,ActiveEnterTimestampMonotonic,ExecMainPID");
}
