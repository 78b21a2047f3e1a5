// `reconcile daemon`: the service, in the foreground; a log on stdout, an end with SIGTERM or Ctrl-C.
import { startDaemon } from "../daemon.ts";
import type { Files } from "../machine/machine.ts";
import type { Emit } from "../model/event.ts";
import { wantsColour } from "../../common/colour.ts";
import { createJsonLog } from "../report/json-log.ts";
import { createLog } from "../report/log.ts";
import { openGround } from "./ground.ts";
import type { CommonOptions } from "./options.ts";
import { stopNow } from "./stopped.ts";
import { EXIT, say, sayProblems } from "./terminal.ts";

/** Resolves with the exit code when it has been stopped. With --json, the log is one JSON object a line. */
export async function runDaemon({ config, json }: CommonOptions): Promise<number> {
  const ground = await openGround(config);
  if (!ground.ok) {
    sayProblems(ground.problems, json);
    return EXIT.notSettled;
  }
  const { clock } = ground.value.machine;
  const write = (text: string): void => void process.stdout.write(text);
  const emit: Emit = json
    ? createJsonLog({ write, clock })
    : createLog({ write, clock, colour: wantsColour(process.stdout, process.env) });
  const daemon = await startDaemon(ground.value, { emit });
  if (!daemon.ok) {
    sayProblems(daemon.problems, json);
    return EXIT.notSettled;
  }
  if (!json) say(`${ground.value.config.host} is kept; metrics and status at ${daemon.value.address}`);
  await askedToStop(ground.value.state);
  await daemon.value.stop();
  return 0;
}

/** The first signal lets a running cycle finish; a second one ends at once, and the journal takes care of the rest. */
function askedToStop(state: Files): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
      process.once(signal, () => {
        process.on(signal, () => stopNow(state, signal));
        resolve();
      });
    }
  });
}
