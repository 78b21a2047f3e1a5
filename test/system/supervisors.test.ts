// Every supervisor for real, on booted servers: what we tell it happens, and what it has to say is understood.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { chmodSync } from "node:fs";
import type { Machine } from "../../reconciler/machine/machine.ts";
import type { Change } from "../../reconciler/model/plan.ts";
import type { Service } from "../../reconciler/model/service-state.ts";
import { detectSupervisor } from "../../reconciler/resources/supervisors/detect.ts";
import type { ServiceAction, SupervisedService } from "../../reconciler/resources/supervisors/supervisor.ts";
import type { Step } from "../../reconciler/resources/kind.ts";
import { serviceKind } from "../../reconciler/resources/service/service.ts";
import { machineOf } from "../support/host-machine.ts";
import { bootsHosts, Host } from "../support/hosts.ts";
import { napperFor } from "../support/napper.ts";
import { treeOf, type Init } from "../support/trees.ts";

const onHosts = bootsHosts() ? test : test.skip;
const SERVERS: readonly (readonly [Init, "systemd" | "openrc" | "sysvinit"])[] = [
  ["systemd", "systemd"],
  ["systemd-trixie", "systemd"],
  ["openrc", "openrc"],
  ["sysvinit", "sysvinit"],
];

beforeAll(async () => {
  if (bootsHosts()) await Promise.all(SERVERS.map(([init]) => treeOf(init)));
});

describe.each(SERVERS)("a server with %s", (init, name) => {
  let host: Host;
  let machine: Machine;

  beforeAll(async () => {
    if (!bootsHosts()) return;
    host = await Host.make(`nap-${SERVERS.findIndex(([each]) => each === init)}`, 31, init);
    for (const [path, text] of Object.entries(napperFor(name))) {
      host.put(path, text);
      if (!path.endsWith(".service")) chmodSync(host.at(path), 0o755);
    }
    await host.boot();
    machine = machineOf(host);
  });

  afterAll(async () => {
    if (bootsHosts()) await host.close();
  });

  onHosts("its supervisor is found, and knows the service", async () => {
    expect(detectSupervisor(machine)?.name).toBe(name);
    expect(await look()).toMatchObject({
      known: true,
      enabled: false,
      running: false,
      failed: false,
      reloadable: true,
    });
    expect(await look("nosuch")).toMatchObject({ known: false });
  });

  onHosts("enabled and started in one go, reloaded, restarted, and each of them once", async () => {
    expect(await perform({ enabled: true, running: true })).toEqual([]);
    expect(await look()).toMatchObject({ enabled: true, running: true, failed: false });
    await notes("started");
    expect(await perform({}, { renew: "reload" })).toEqual([]);
    await notes("started", "reloaded");
    expect(await perform({}, { renew: "restart" })).toEqual([]);
    await notes("started", "reloaded", "started");
    expect(await perform({ enabled: true, running: true })).toEqual([]);
    await notes("started", "reloaded", "started");
  });

  onHosts("what is enabled comes up with the server, and what is disabled does not", async () => {
    await host.kill();
    await host.boot();
    machine = machineOf(host);
    await host.until("the service runs", async () => (await look()).running);
    expect(await perform({ enabled: false, running: false })).toEqual([]);
    expect(await look()).toMatchObject({ enabled: false, running: false });
    await host.kill();
    await host.boot();
    machine = machineOf(host);
    expect(await look()).toMatchObject({ enabled: false, running: false });
  });

  onHosts("what was started and enabled is walked back, and what ran comes back", async () => {
    const made = step({ enabled: true, running: true });
    expect(await serviceKind.perform(machine, [made], performing())).toEqual([]);
    expect(await serviceKind.undo(machine, [made])).toEqual([]);
    expect(await look()).toMatchObject({ enabled: false, running: false });
    await act("start");
    const stopped = step({ running: false }, {}, { type: "service", enabled: false, running: true, masked: false });
    expect(await serviceKind.perform(machine, [stopped], performing())).toEqual([]);
    expect(await look()).toMatchObject({ running: false });
    expect(await serviceKind.revive?.(machine, [stopped])).toEqual([]);
    expect(await look()).toMatchObject({ running: true });
    await act("stop");
  });

  onHosts(
    "one that cannot start is a problem that names it, and it can be started when it is whole again",
    async () => {
      await host.must("touch", "/etc/napper.broken");
      const problems = await perform({ running: true }, { settleMs: UNTIL_IT_FAILS_MS });
      expect(problems.map(({ what }) => what).join("\n")).toContain("napper");
      await host.must("rm", "/etc/napper.broken");
      expect(await perform({ running: true })).toEqual([]);
      expect(await look()).toMatchObject({ running: true, failed: false });
    },
  );

  onHosts("one that dies while it is watched is a problem", async () => {
    const before = (await noted()).length;
    const watched = perform({}, { renew: "restart", settleMs: UNTIL_IT_FAILS_MS });
    await host.until("it was restarted", async () => (await noted()).length > before);
    await host.must("sh", "-c", KILL_NAPPER);
    expect((await watched).map(({ code }) => code)).toEqual(["service-failed"]);
    await act("reset-failed");
    await act("restart");
    expect(await look()).toMatchObject({ running: true, failed: false });
  });

  onHosts("masked, where that is possible, it cannot be started; elsewhere that is told", async () => {
    if (name !== "systemd") {
      expect((await perform({ masked: true })).map(({ code }) => code)).toEqual(["supervisor-cannot"]);
      return;
    }
    const masking = step({ running: false, masked: true });
    expect(await serviceKind.perform(machine, [masking], performing())).toEqual([]);
    expect(await look()).toMatchObject({ masked: true, running: false });
    expect((await perform({ running: true })).map(({ code }) => code)).toContain("supervisor-refused");
    expect(await serviceKind.undo(machine, [masking])).toEqual([]);
    expect(await look()).toMatchObject({ masked: false });
  });

  async function look(service = "napper"): Promise<SupervisedService> {
    const looked = await detectSupervisor(machine)?.look(machine, [service]);
    const found = looked?.ok === true ? looked.value.get(service) : undefined;
    if (found === undefined) throw new Error(JSON.stringify(looked));
    return found;
  }

  async function act(action: ServiceAction): Promise<void> {
    const options = { signal: new AbortController().signal, timeoutMs: 60_000 };
    expect(await detectSupervisor(machine)?.act(machine, action, ["napper"], options)).toEqual([]);
  }

  function perform(after: Partial<Service>, more: Partial<Change> = {}) {
    return serviceKind.perform(machine, [step(after, more)], performing());
  }

  async function noted(): Promise<readonly string[]> {
    return (await host.run("cat", "/run/napper.log")).stdout.split("\n").filter(Boolean);
  }

  /** Waits for what the service itself noted: a program may be started before it has come to that. */
  async function notes(...expected: readonly string[]): Promise<void> {
    await host.until(`it noted ${expected.join(", ")}`, async () => (await noted()).length >= expected.length);
    expect(await noted()).toEqual(expected);
  }
});

describe("a server with systemd, and its own words", () => {
  let host: Host;
  let machine: Machine;

  beforeAll(async () => {
    if (!bootsHosts()) return;
    host = await Host.make("nap-4", 31);
    for (const [path, text] of Object.entries(napperFor("systemd"))) host.put(path, text, 0o755);
    await host.boot();
    machine = machineOf(host);
    expect(await serviceKind.perform(machine, [step({ running: true })], performing())).toEqual([]);
  });

  afterAll(async () => {
    if (bootsHosts()) await host.close();
  });

  onHosts("a new drop-in is read, and the service restarted for it, once", async () => {
    host.put("/etc/systemd/system/napper.service.d/10-bed.conf", "[Service]\nEnvironment=BED=soft\n");
    const renewed = step({}, { renew: "restart", because: ["file:/etc/systemd/system/napper.service.d/10-bed.conf"] });
    expect(await serviceKind.perform(machine, [renewed], performing())).toEqual([]);
    expect(await host.must("systemctl", "show", "--property=Environment", "--value", "napper")).toBe("BED=soft");
    expect(await starts()).toBe(2);

    await host.must("rm", "-r", "/etc/systemd/system/napper.service.d");
    expect(await serviceKind.undo(machine, [renewed])).toEqual([]);
    expect(await serviceKind.revive?.(machine, [renewed])).toEqual([]);
    expect(await host.must("systemctl", "show", "--property=Environment", "--value", "napper")).toBe("");
    expect(await starts()).toBe(3);
  });

  onHosts("restarts that systemd makes by itself are counted, and start from 0 when we start it", async () => {
    await host.must("sh", "-c", KILL_NAPPER);
    await host.until("systemd started it again", async () => {
      const { running, restarts } = await look();
      return running && restarts === 1;
    });
    expect(await serviceKind.perform(machine, [step({}, { renew: "restart" })], performing())).toEqual([]);
    expect(await look()).toMatchObject({ running: true, restarts: 0 });
  });

  onHosts("its last words are there for whoever has to look into it", async () => {
    await host.must("touch", "/etc/napper.broken");
    const problems = await serviceKind.perform(
      machine,
      [step({}, { renew: "restart", settleMs: UNTIL_IT_FAILS_MS })],
      performing(),
    );
    // It ends so fast that systemd may notice while it is still being told to start it.
    expect(problems.map(({ code }) => code).join(" ")).toMatch(/^(service-failed|supervisor-refused)\b/);
    await host.until("the journal has it", async () =>
      ((await detectSupervisor(machine)?.lastWords(machine, "napper")) ?? "").includes("napper: no bed"),
    );
  });

  /** Counted from systemd's own journal. */
  async function starts(): Promise<number> {
    await host.must("journalctl", "--sync");
    const journal = await host.must("journalctl", "--quiet", "--output=cat", "--unit=napper", "--boot");
    return journal.split("\n").filter((line) => line.startsWith("Started napper.service")).length;
  }

  async function look(): Promise<SupervisedService> {
    const looked = await detectSupervisor(machine)?.look(machine, ["napper"]);
    const found = looked?.ok === true ? looked.value.get("napper") : undefined;
    if (found === undefined) throw new Error(JSON.stringify(looked));
    return found;
  }
});

/** It is found to have failed long before. */
const UNTIL_IT_FAILS_MS = 3_600_000;
const KILL_NAPPER =
  'for process in /proc/[0-9]*; do read -r name <$process/comm && [ "$name" = napper ] && kill -KILL ${process#/proc/}; done; true';

function step(after: Partial<Service>, more: Partial<Change> = {}, before?: Service): Step {
  const was: Service = before ?? { type: "service", enabled: false, running: after.running !== true, masked: false };
  const change: Change = {
    id: "service:napper",
    before: was,
    after: { type: "service", ...after },
    why: "changed",
    standing: "pending",
    ...more,
  };
  return { n: 0, change };
}

function performing() {
  const { signal } = new AbortController();
  return { signal, done: () => Promise.resolve(), contents: new Map(), earlier: new Set<never>() };
}
