// The templates together, as a school would use them: checked by the services' own programs, and started.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { isUnhindered } from "../../support/needs.ts";
import { bootSchool, findSchoolObstacle, type School } from "./school.ts";

/** Files of which no program says whether they are right. */
const NOBODY_CHECKS = [
  "/etc/default/prometheus",
  "/etc/default/prometheus-node-exporter",
  "/etc/motd",
  "/etc/nginx/school.d/library.conf",
  "/etc/school/filter/allowed-domains.txt",
  "/etc/school/filter/blocked-domains.txt",
  "/etc/sugar-server/school.conf",
  "/etc/sysctl.d/90-school.conf",
  "/etc/systemd/journald.conf.d/50-school.conf",
  "/etc/systemd/network/20-lan.network",
  "/etc/systemd/system/multi-user.target.d/50-school.conf",
  "/etc/systemd/system/prosody.service.d/50-school.conf",
  "/usr/local/lib/prosody/modules/mod_school_roster.lua",
  "/var/www/auto-proxy/wpad.dat",
  "/var/www/school/index.html",
];

let school: School;
const obstacle = findSchoolObstacle();
const isTried = (): boolean => isUnhindered(obstacle);

beforeAll(async () => {
  if (obstacle === undefined) school = await bootSchool();
}, 120_000);

afterAll(() => (obstacle === undefined ? school.stop() : undefined));

test.each(["gateway", "lan-controller", "appliance"])("every service's own checker finds the %s good", (shape) => {
  if (!isTried()) return;
  const { out, err } = school.mace("check", shape, "--json");
  const files: unknown = expect.arrayContaining([{ path: "/etc/motd", service: "files", checked: false }]);
  const answer: unknown = JSON.parse(out);
  expect([answer, err]).toMatchObject([{ ok: true, notices: [], files }, ""]);
  const unchecked = [...out.matchAll(/"path":\s*"([^"]*)",\s*"service":\s*"[^"]*",\s*"checked":\s*false/g)];
  expect(NOBODY_CHECKS).toEqual(expect.arrayContaining(unchecked.map(([, path]) => path)));
});

describe("a gateway with the templates as they are", () => {
  test("is made by mace, and is unchanged the second time", () => {
    if (!isTried()) return;
    expect(school.mace("apply", "gateway")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^unchanged: \d+ files\n$/),
    });
  });

  test("tells laptops the way to schoolserver, and the world nothing", async () => {
    if (!isTried()) return;
    const names = ["schoolserver", "schoolserver.escuela210.example", "wpad.escuela210.example"];
    for (const name of names)
      await school.until(() => school.from("laptop", "ask", "172.18.96.1", name), ["172.18.96.1"]);
    expect(school.from("world", "ask", "203.0.113.5", "schoolserver")).not.toEqual(["172.18.96.1"]);
  });

  test("gives out addresses, but its name to no laptop that calls itself so", async () => {
    if (!isTried()) return;
    const words = [
      "busybox",
      "udhcpc",
      "-i",
      "eth0",
      "-n",
      "-q",
      "-f",
      "-s",
      "/root/lease",
      "-x",
      "hostname:schoolserver",
    ];
    const { out, err } = school.server.run(["ip", "netns", "exec", "laptop", ...words]);
    expect(out).toBe("172.18.96.1 172.18.96.1 172.18.96.1\n");
    expect(err).toMatch(/lease of 172\.18\.\d+\.\d+ obtained/);
    expect(school.from("laptop", "ask", "172.18.96.1", "schoolserver")).toEqual(["172.18.96.1"]);
  });

  test("shows its first page, with the library on it", async () => {
    if (!isTried()) return;
    await school.until(() => school.from("laptop", "fetch", "172.18.96.1", "http://schoolserver/"), {
      status: 200,
      text: expect.stringMatching(/<h1>Escuela 210<\/h1>[^]*href="\/library\/"/),
      type: "text/html; charset=utf-8",
    });
  });

  test("leads laptops to the world under its own address, and lets the world in by ssh alone", async () => {
    if (!isTried()) return;
    await school.until(
      () => school.from("laptop", "fetch", "203.0.113.1", "http://203.0.113.1:8000/"),
      seenAs("203.0.113.5"),
    );
    const ports = ["22", "53", "80", "3128", "5222", "5223", "8090", "9090", "9100"];
    await school.until(
      () => school.from("laptop", "knock", "172.18.96.1", ...ports),
      ["22", "53", "80", "3128", "5222", "5223"],
    );
    expect(school.from("world", "knock", "203.0.113.5", ...ports)).toEqual(["22"]);
  });

  test("fetches pages through its cache, but not what the lists say, and tells laptops that it does", async () => {
    if (!isTried()) return;
    const page = (host: string): unknown =>
      school.from("laptop", "fetch", "172.18.96.1", `http://${host}:8000/`, "3128");
    await school.until(() => page("lessons.example"), seenAs("203.0.113.5"));
    expect(page("games.adverts.example")).toMatchObject({ status: 403 });
    expect(page("lessons.adverts.example")).toEqual(seenAs("203.0.113.5"));
    expect(school.from("laptop", "fetch", "172.18.96.1", "http://wpad.escuela210.example/wpad.dat")).toMatchObject({
      status: 200,
      text: expect.stringContaining("PROXY schoolserver.escuela210.example:3128"),
      type: "application/x-ns-proxy-autoconfig",
    });
  });

  test("has a library of what lies in its folder", async () => {
    if (!isTried()) return;
    const get = (path: string): unknown => school.from("laptop", "fetch", "172.18.96.1", `http://schoolserver${path}`);
    await school.until(() => get("/library/raw/atlas/content/index.html"), {
      status: 200,
      text: expect.stringContaining("Rivers and mountains"),
      type: expect.stringContaining("text/html"),
    });
    expect(get("/books/")).toMatchObject({ status: 200, text: expect.stringContaining("atlas.zim") });
  });

  test("lets two laptops that it has never seen find each other", async () => {
    if (!isTried()) return;
    await school.until(() => school.from("laptop", "knock", "172.18.96.1", "5223"), ["5223"]);
    expect(school.from("laptop", "meet", "172.18.96.1", "schoolserver")).toEqual([true, true]);
  });

  test("asks for a key from outside, and takes a password inside", () => {
    if (!isTried()) return;
    const passwords = (address: string): string | undefined => {
      const { out } = school.server.run(["/usr/sbin/sshd", "-T", "-C", `user=teacher,host=h,addr=${address}`]);
      return /^passwordauthentication (.*)$/m.exec(out)?.[1];
    };
    expect([passwords("172.18.97.7"), passwords("203.0.113.1"), passwords("::1")]).toEqual(["yes", "no", "yes"]);
  });

  test("measures itself, and tells nobody but its own machine", async () => {
    if (!isTried()) return;
    const get = (port: number, path: string): string =>
      JSON.stringify(school.from("itself", "fetch", "127.0.0.1", `http://127.0.0.1:${port}${path}`));
    await school.until(() => get(9100, "/metrics").includes("node_filesystem_avail_bytes"), true);
    await school.until(() => get(9090, "/-/ready").includes('"status":200'), true);
    await school.until(() => get(9090, "/api/v1/targets").includes("127.0.0.1:9642"), true);
  });
});

/** What the world's pages say. */
function seenAs(address: string): unknown {
  return { status: 200, text: `you are ${address}`, type: undefined };
}
