// A machine in; its embedded supervisor, running and listening, out.
import { mkdirSync } from "node:fs";
import { takeLock } from "../machine/lock.ts";
import type { Machine } from "../machine/machine.ts";
import { SUPERVISE_SOCKET } from "../resources/supervisors/embedded-protocol.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";
import { serveSupervised } from "./server.ts";
import { openSupervised, type SupervisedOptions } from "./supervisor.ts";

export interface Supervision {
  /** Stops every service, and listens no more. */
  stop(): Promise<void>;
}

/** Refuses when another one looks after the same store. */
export async function startSupervision(
  machine: Machine,
  options: SupervisedOptions,
  troubled: (problems: readonly Problem[]) => void,
): Promise<Result<Supervision>> {
  mkdirSync(machine.store.hostPath("/supervise"), { recursive: true, mode: 0o700 });
  const lock = await takeLock(machine.store.hostPath("/supervise/lock"), { waitMs: 0 });
  if (!lock.ok) return refuse(...lock.problems);
  const supervised = await openSupervised(machine, options, troubled);
  const server = await serveSupervised(machine.store.hostPath(SUPERVISE_SOCKET), supervised);
  if (!server.ok) {
    await supervised.close();
    lock.value.release();
    return server;
  }
  return succeed({
    async stop() {
      await server.value.close();
      await supervised.close();
      lock.value.release();
    },
  });
}
