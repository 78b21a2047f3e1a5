// While the machine is only starting, services wait for us: what lasts is set, and nothing waits for a service.
import { expect, test } from "@jest/globals";
import type { Machine } from "../../../../reconciler/machine/machine.ts";
import { detectSupervisor } from "../../../../reconciler/resources/supervisors/detect.ts";
import type { ServiceAction } from "../../../../reconciler/resources/supervisors/supervisor.ts";

const OPTIONS = { signal: new AbortController().signal, timeoutMs: 1000 };

/** What each action makes a server run on which only this is there. */
async function asked(place: string, booting: boolean, actions: readonly ServiceAction[]): Promise<readonly string[]> {
  const calls: string[] = [];
  const machine = {
    files: { stat: (path: string) => (path === place ? { type: "directory" } : undefined), list: () => [] },
    store: { files: { stat: () => undefined } },
    live: true,
    booting,
    run: (argv: readonly string[]) => {
      calls.push(argv.join(" "));
      return Promise.resolve({ code: 0, stdout: Buffer.alloc(0), stderr: "" });
    },
  } as unknown as Machine;
  const supervisor = detectSupervisor(machine);
  for (const action of actions) expect(await supervisor?.act(machine, action, ["squid"], OPTIONS)).toEqual([]);
  return calls;
}

test("systemd is told to start it, and not waited for", async () => {
  const start = "systemctl --no-pager --no-ask-password --job-mode=replace";
  expect(await asked("/run/systemd/system", true, ["start", "restart", "enable"])).toEqual([
    `${start} --no-block start -- squid.service`,
    `${start} --no-block restart -- squid.service`,
    "systemctl --no-pager --no-ask-password enable -- squid.service",
  ]);
  expect(await asked("/run/systemd/system", false, ["start"])).toEqual([`${start} start -- squid.service`]);
});

test.each(["/run/openrc", "/run/initctl"])("where %s is, only what lasts is set", async (place) => {
  const whenUp = await asked(place, false, ["enable"]);
  expect(whenUp.length).toBeGreaterThan(0);
  expect(await asked(place, true, ["stop", "enable", "start", "reload", "restart", "reset-failed"])).toEqual(whenUp);
  expect((await asked(place, false, ["start"])).length).toBe(1);
});
