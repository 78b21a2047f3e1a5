// A booted host in, the port to its machine out: its files as its own processes see them, its programs run inside.
import type { CommandResult, Machine } from "../../reconciler/machine/machine.ts";
import { openFiles } from "../../reconciler/machine/real-files.ts";
import type { Host } from "./hosts.ts";

export function machineOf(host: Host): Machine {
  const ask = async (argv: readonly string[]): Promise<CommandResult> => {
    const { code, stdout, stderr } = await host.run(...argv);
    const answer = { stdout: Buffer.from(stdout), stderr };
    return code === 127 ? { code: undefined, ended: "not-found", ...answer } : { code, ...answer };
  };
  const files = openFiles(host.inside);
  return {
    files,
    store: { files: openFiles(`${host.inside}/var/lib`), hostPath: (path) => `${host.inside}/var/lib${path}` },
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    live: true,
    privileged: true,
    hostPath: (path) => path,
    query: ask,
    run: ask,
  };
}
