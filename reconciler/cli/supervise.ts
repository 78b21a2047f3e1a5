// `reconcile supervise`: looks after the services in /etc/reconciler/services, in the foreground, where no systemd does.
import { describePhase } from "../supervise/describe.ts";
import { startSupervision } from "../supervise/supervise.ts";
import { openGround } from "./ground.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayProblems } from "./terminal.ts";

/** Resolves with the exit code when it has been stopped. With --json, what happens is one JSON object a line. */
export async function supervise({ config, json }: CommonOptions): Promise<number> {
  const ground = await openGround(config);
  if (!ground.ok) {
    sayProblems(ground.problems, json);
    return EXIT.notSettled;
  }
  const { machine } = ground.value;
  const stopping = askedToStop();
  const supervision = await startSupervision(
    machine,
    {
      onPhase: (service, phase) =>
        say(
          json
            ? JSON.stringify({ version: 1, kind: "service", at: machine.clock.wallMs(), service, phase })
            : describePhase(service, phase),
        ),
    },
    (problems) => {
      if (problems.length > 0) sayProblems(problems, json);
    },
  );
  if (!supervision.ok) {
    sayProblems(supervision.problems, json);
    return EXIT.notSettled;
  }
  if (!json) say(`services of ${machine.hostPath("/etc/reconciler/services")} are looked after`);
  await stopping;
  await supervision.value.stop();
  return EXIT.settled;
}

/** Heard from the beginning: services that are on their way up are stopped as well. */
function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
}
