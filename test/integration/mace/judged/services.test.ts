// The programs of a school's services judge what mace made for them, and those that can run here answer with it.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import { missingPrograms } from "../../../support/needs.ts";
import { bundleMace, writeTree } from "../program.ts";
import { bootServer, canTry, OBSTACLE } from "../tried-server.ts";
import { judge, type Judges, runMace, sources } from "./judge.ts";
import { CASES } from "./services-cases.ts";
import { EJABBERD, SCHOOL } from "./services-school.ts";
import { greet, visit } from "./visitor.ts";

const PROGRAMS = ["nginx", "apache2", "squid", "e2guardian", "prosody", "cupsd", "kiwix-serve", "prometheus"];

/** What systemd makes before it starts the services that are installed. */
const PREPARE = `
  mkdir -p /run/lock /run/cups
  for place in squid:proxy prosody:prosody ejabberd:ejabberd; do
    user=\${place#*:}
    if id "$user"; then install -d -o "$user" -g "$user" "/run/\${place%:*}"; fi
  done
`;

let judges: Judges;

beforeAll(async () => {
  if (OBSTACLE !== undefined) return;
  judges = { mace: await bundleMace(), server: await bootServer(PREPARE) };
});

afterAll(async () => {
  if (OBSTACLE !== undefined) return;
  await judges.server.stop();
  judges.mace.remove();
});

judge(CASES, () => judges);

describe("a small school, whose every file mace has made", () => {
  const hasSchool = (): boolean => canTry(...PROGRAMS);

  beforeAll(() => {
    if ((OBSTACLE ?? missingPrograms(...PROGRAMS)) !== undefined) return;
    writeTree(join(judges.mace.folder, "school"), SCHOOL);
    expect(apply("school")).toMatchObject({ code: 0 });
  });

  test("nginx shows the school's page", () => {
    if (!hasSchool()) return;
    start("nginx", "-g", "daemon off;");
    expect(visit(judges.server, "http://127.0.0.1/", "^200")).toContain("Welcome to our school");
  });

  test("apache shows a page by the module that was loaded for it", () => {
    if (!hasSchool()) return;
    start("apache2ctl", "-D", "FOREGROUND");
    expect(visit(judges.server, "http://127.0.0.1:8081/home", "^200")).toContain("Welcome to our school");
  });

  test("squid fetches a page, and keeps those of a listed domain away", () => {
    if (!hasSchool()) return;
    expect(judges.server.run(["squid", "--foreground", "-z"])).toMatchObject({ code: 0 });
    start("squid", "--foreground", "-YC");
    const proxy = "http://127.0.0.1:3128";
    expect(visit(judges.server, "http://127.0.0.1/", "^200", proxy)).toContain("Welcome to our school");
    expect(visit(judges.server, "http://play.games.example/", "^403", proxy)).toContain("ERR_ACCESS_DENIED");
  });

  test("e2guardian fetches a page by way of squid, and explains why another is not shown", () => {
    if (!hasSchool()) return;
    start("e2guardian", "-N");
    const proxy = "http://127.0.0.1:8080";
    expect(visit(judges.server, "http://127.0.0.1/", "^200", proxy)).toContain("Welcome to our school");
    expect(visit(judges.server, "http://casino.example/", "casino", proxy)).toContain("Blocked site: casino.example");
  });

  test("prosody knows the school's host", () => {
    if (!hasSchool()) return;
    start("runuser", "-u", "prosody", "--", "prosody", "-F");
    expect(greet(judges.server, 5222, "school.lan")).toMatch(/from='school\.lan'/);
  });

  test("cups answers, and leaves its file as it is", () => {
    if (!hasSchool()) return;
    start("cupsd", "-f");
    expect(visit(judges.server, "http://127.0.0.1:631/", "^200")).toContain("CUPS");
  });

  test("kiwix shows its shelf", () => {
    if (!hasSchool()) return;
    start("kiwix-serve", "--port", "8090", "--library", "/etc/kiwix/library.xml");
    expect(visit(judges.server, "http://127.0.0.1:8090/", "^200")).toMatch(/^200/);
  });

  test("Prometheus is ready, with the school's rules", () => {
    if (!hasSchool()) return;
    start("runuser", "-u", "prometheus", "--", "prometheus", "--web.listen-address=127.0.0.1:9090");
    expect(visit(judges.server, "http://127.0.0.1:9090/-/ready", "^200")).toMatch(/^200/);
    expect(visit(judges.server, "http://127.0.0.1:9090/api/v1/rules", "^200")).toContain("link-of-the-school");
  });

  test("as an agent it sends on what it measures", () => {
    if (!hasSchool()) return;
    start(process.execPath, "-e", RECEIVER);
    startWithOptions("/etc/default/prometheus", "prometheus");
    expect(visit(judges.server, "http://127.0.0.1:9201/", "/write")).toMatch(/^200\n\/write application\/x-protobuf/);
  });

  test("node-exporter measures what its options say", () => {
    if (!canTry("prometheus-node-exporter")) return;
    startWithOptions("/etc/default/prometheus-node-exporter", "prometheus-node-exporter");
    expect(visit(judges.server, "http://127.0.0.1:9100/metrics", "^200")).toContain("node_uname_info");
  });

  test("and with all of them running, nothing is left to change", () => {
    if (!hasSchool()) return;
    expect(apply("school")).toMatchObject({ code: 0, out: expect.stringContaining("unchanged") });
  });
});

test("ejabberd reads its file as the user that it is", () => {
  if (!canTry("ejabberdctl")) return;
  writeTree(join(judges.mace.folder, "ejabberd"), EJABBERD);
  expect(apply("ejabberd")).toMatchObject({ code: 0 });
  start("runuser", "-u", "ejabberd", "--", "ejabberdctl", "foreground");
  expect(greet(judges.server, 5322, "school.lan")).toMatch(/from='school\.lan'/);
});

/** Takes what is sent to it, and tells the last sender. */
const RECEIVER = `
let last = "nobody";
require("node:http").createServer((request, response) => {
  if (request.method === "POST") last = [request.url, request.headers["content-type"], request.headers["user-agent"]].join(" ");
  request.resume().on("end", () => response.end(last));
}).listen(9201, "127.0.0.1");
`;

function apply(folder: string): ReturnType<typeof runMace> {
  return runMace(judges, "apply", "--dst", "/", ...sources(judges, folder));
}

/** What it says goes into a file: while another program is waited for, nobody reads from a pipe. */
function start(...argv: readonly string[]): void {
  judges.server.start(["bash", "-c", 'exec "$@" >>/run/said 2>&1', "start", ...argv]);
}

/** As a unit with an EnvironmentFile does. */
function startWithOptions(file: string, program: string): void {
  start("runuser", "-u", "prometheus", "--", "bash", "-c", 'set -a; . "$1"; exec "$2" $ARGS', "unit", file, program);
}
