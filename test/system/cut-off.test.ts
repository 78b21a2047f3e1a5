// A commit that would cut a booted server off from its git server, in; taken back by itself, because nobody could come
// and do it. What is harmless is kept, and what was away before is not blamed.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { existsSync, readFileSync } from "node:fs";
import { bootsHosts } from "../support/hosts.ts";
import { tellReliability } from "../support/reliability-result.ts";
import { BootedSchool } from "./school.ts";

const onHosts = bootsHosts() ? describe : describe.skip;

const CONFIRM_S = 5;

/** A firewall with one rule for what this server sends. */
function firewall(rule: string): string {
  const chain = `chain output {\n type filter hook output priority 0;\n ${rule}\n }`;
  return `#!/usr/sbin/nft -f\nflush ruleset\ntable inet school {\n ${chain}\n}\n`;
}

const HARMLESS = firewall("ip daddr 192.0.2.1 drop");
/** The packets go nowhere, and nobody says so. */
const CUTTING = firewall("ip daddr 10.77.0.1 tcp dport 22 drop");

/** Goes by its file, as whatever asks for an address does: at once, or a little later. */
const UPLINK = `#!/bin/sh
use() {
  ip route del unreachable 10.77.0.1/32 2>/dev/null
  if grep -q lost /etc/network/uplink; then sleep 1; ip route add unreachable 10.77.0.1/32; fi
}
trap 'use' HUP
use
while :; do sleep 0.1 & wait $!; done
`;
const UNIT = `[Service]
ExecStart=/usr/local/sbin/uplink
ExecReload=/bin/kill -HUP $MAINPID
`;
const FLEET = `files:
  /etc/nftables.conf: { copy: files/firewall, mode: "0755" }
  /etc/motd: { copy: files/motd }
  /usr/local/sbin/uplink: { copy: files/uplink-program, mode: "0755" }
  /etc/systemd/system/uplink.service: { copy: files/uplink-unit }
  /etc/network/uplink: { copy: files/uplink }
services:
  nftables: { running: true, reads: [/etc/nftables.conf], settle_s: 0 }
  uplink: { running: true, reads: [/etc/network/uplink], settle_s: 0 }
`;

/** An outcome, as far as the story asks. */
interface Told {
  readonly result: string;
  readonly settled: boolean;
  readonly health: readonly { readonly name: string }[];
}

let school: BootedSchool;
/** How the commits ended that would have cut it off. */
const outcomes: Record<string, number> = {};

beforeAll(async () => {
  if (!bootsHosts()) return;
  school = await BootedSchool.open();
  const config = readFileSync(school.server.at("/etc/reconciler/config.yaml"), "utf8");
  const away = "  stick: { url: /media/stick/fleet.git }\ntrust:";
  const text = `${config.replace("trust:", away)}deadlines: { confirm_s: ${CONFIRM_S} }\n`;
  school.server.put("/etc/reconciler/config.yaml", text);
  await school.server.must("ip", "route", "add", "default", "via", "10.77.0.1");
});

afterAll(async () => {
  if (!bootsHosts()) return;
  await school.close();
  const points = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const title =
    "Commits that cut a booted server off from its git server: by the firewall, also with the run killed before it could look, and by a route a little later";
  tellReliability({ name: "cut-off", title, points, outcomes });
});

async function count(result: string): Promise<void> {
  const word = result === "rolled_back" && (await reachesMothership()) ? "undone by itself" : "cut off";
  outcomes[word] = (outcomes[word] ?? 0) + 1;
}

function commit(more: Readonly<Record<string, string>>): Promise<string> {
  return school.commit({
    "fleet.yaml": FLEET,
    "files/firewall": HARMLESS,
    "files/motd": "Welcome.\n",
    "files/uplink-program": UPLINK,
    "files/uplink-unit": UNIT,
    "files/uplink": "kept\n",
    ...more,
  });
}

/** The last run, and what it said. */
async function run(): Promise<{ readonly result: string; readonly told: string }> {
  const { stdout, stderr } = await school.reconcile("--now");
  const [last] = await school.history();
  return { result: last?.result ?? "none", told: `${stdout}${stderr}` };
}

async function reachesMothership(): Promise<boolean> {
  const { code } = await school.server.run("timeout", "3", "bash", "-c", "exec 3<>/dev/tcp/10.77.0.1/22");
  return code === 0;
}

async function rules(): Promise<string> {
  return school.server.must("nft", "list", "ruleset");
}

onHosts("a change of the firewall", () => {
  test("that does no harm is kept, with what this server showed for it", async () => {
    await commit({});
    const { stdout } = await school.reconcile("--now", "--json");
    const { result, settled, health }: Told = JSON.parse(stdout);
    expect({ result, settled, names: health.map(({ name }) => name) }).toEqual({
      result: "changed",
      settled: true,
      names: ["remote mothership", "name mothership", "gateway 10.77.0.1", "port 22"].map(
        (name) => `evidence: ${name}`,
      ),
    });
    expect(await rules()).toContain("192.0.2.1");
  });

  test("is announced by the plan as one that has to be confirmed", async () => {
    await commit({ "files/firewall": CUTTING, "files/motd": "Welcome to what is lost.\n" });
    const { stdout } = await school.reconcile("plan");
    expect(stdout).toMatch(/replace \/etc\/nftables\.conf: git changed it\n +could cut this server off \(firewall\)/);
  });

  test("that cuts it off from the git server is undone by itself, with all that came with it", async () => {
    const { result, told } = await run();
    await count(result);
    expect({ result, told }).toMatchObject({
      result: "rolled_back",
      told: expect.stringMatching(/health got worse \(evidence: remote mothership: no answer/),
    });
    expect(await reachesMothership()).toBe(true);
    expect(await rules()).toMatch(/192\.0\.2\.1/);
    expect(await rules()).not.toMatch(/dport 22/);
    expect(readFileSync(school.server.at("/etc/nftables.conf"), "utf8")).toBe(HARMLESS);
    expect(readFileSync(school.server.at("/etc/motd"), "utf8")).toBe("Welcome.\n");
  });

  test("is not tried again, and the commit that mends it is followed", async () => {
    expect(await run()).toMatchObject({ result: "failed", told: expect.stringContaining("quarantined") });
    expect(await rules()).not.toMatch(/dport 22/);
    await commit({ "files/motd": "Welcome back.\n" });
    expect(await run()).toMatchObject({ result: "changed" });
  });
});

onHosts("a run that dies before it could look whether it cut the server off", () => {
  const journal = (): string => {
    const path = school.server.at("/var/lib/reconciler/journal.log");
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };

  test("is taken back by the timer, which looks by itself", async () => {
    await commit({ "files/firewall": CUTTING, "files/motd": "Welcome to what nobody sees.\n" });
    await school.server.must("sh", "-c", "reconcile --now >/dev/null 2>&1 &");
    await school.server.until("everything is made", () => journal().includes('"type":"made"'));
    const lock = readFileSync(school.server.at("/var/lib/reconciler/lock"), "utf8");
    await school.server.must("kill", "-KILL", /^pid (\d+)$/mu.exec(lock)?.[1] ?? "");
    expect({ verdict: journal().includes("verdict"), reaches: await reachesMothership() }).toEqual({
      verdict: false,
      reaches: false,
    });
    await school.server.until("the run is at its end", () => journal() === "", 90_000);
    await count((await reachesMothership()) ? "rolled_back" : "kept");
    expect(await reachesMothership()).toBe(true);
    expect(readFileSync(school.server.at("/etc/motd"), "utf8")).toBe("Welcome back.\n");
    expect(readFileSync(school.server.at("/etc/nftables.conf"), "utf8")).toBe(HARMLESS);
  });

  test("is not tried again", async () => {
    expect(await run()).toMatchObject({ result: "failed", told: expect.stringContaining("quarantined") });
    expect(await rules()).not.toMatch(/dport 22/);
  });
});

onHosts("a change of the network", () => {
  test("with which the way to the git server is lost a little later is undone as well", async () => {
    await commit({ "files/uplink": "lost\n" });
    const { result, told } = await run();
    await count(result);
    expect({ result, told }).toMatchObject({
      result: "rolled_back",
      told: expect.stringContaining("evidence: remote mothership: no way to that host"),
    });
    expect(await reachesMothership()).toBe(true);
    expect(readFileSync(school.server.at("/etc/network/uplink"), "utf8")).toBe("kept\n");
  });
});
