// What is called on a server itself, and on another root; and that nothing else is.
import { expect, test } from "@jest/globals";
import { openMachine } from "../../../../../reconciler/machine/real.ts";
import type { CommandResult, MachineReader } from "../../../../../reconciler/machine/machine.ts";
import { dnf } from "../../../../../reconciler/resources/managers/dnf/dnf.ts";
import { zypper } from "../../../../../reconciler/resources/managers/zypper/zypper.ts";

test.each([
  ["/", "rpm -qa", "dnf-3 --noplugins --setopt=exit_on_lock=1 --cacheonly --assumeno"],
  [
    "/srv/school",
    "rpm --root /srv/school -qa",
    "dnf-3 --installroot=/srv/school --setopt=reposdir=/srv/school/etc/yum.repos.d --noplugins --setopt=exit_on_lock=1 --cacheonly --assumeno",
  ],
])("dnf on %s", async (root, rpm, call) => {
  const { machine, calls } = listening(root);
  await dnf.simulate(machine, [{ name: "hello", type: "installed" }]);
  expect(calls[0]).toContain(rpm);
  expect(calls[1]?.startsWith(call)).toBe(true);
});

test.each([
  ["/", "zypper --xmlout --non-interactive --no-refresh install"],
  ["/srv/school", "zypper --xmlout --non-interactive --root /srv/school --no-refresh install"],
])("zypper on %s", async (root, call) => {
  const { machine, calls } = listening(root);
  await zypper.simulate(machine, [{ name: "hello", type: "installed", minimum: "1.0" }]);
  expect(calls[1]).toBe(`${call} --dry-run --oldpackage -- hello>=1.0`);
});

test.each([dnf, zypper])(
  "$name is called neither for what is so already nor for a name that is none",
  async (manager) => {
    const { machine, calls } = listening("/srv/school");
    const there = [
      { name: "base", type: "installed" },
      { name: "hello", type: "absent" },
    ] as const;
    expect(await manager.simulate(machine, there)).toEqual({ ok: true, value: [] });
    expect(calls).toHaveLength(1);
    expect(await manager.simulate(machine, [{ name: "--help", type: "installed" }])).toMatchObject({ ok: false });
    expect(calls).toHaveLength(1);
  },
);

/** A machine on which base is installed, and on which no other program does anything. */
function listening(root: string): { readonly machine: MachineReader; readonly calls: string[] } {
  const calls: string[] = [];
  const query = (argv: readonly string[]): Promise<CommandResult> => {
    calls.push(argv.join(" "));
    const stdout = argv[0] === "rpm" ? "base\t0\t1.0-1\tnoarch\t0\n" : "";
    return Promise.resolve({ code: 0, stdout: Buffer.from(stdout), stderr: "" });
  };
  const nothing = { stat: () => undefined, list: () => [] };
  const real = openMachine({ root, state: root });
  return { machine: { ...real, files: { ...real.files, ...nothing }, query }, calls };
}
