// A folder in, a school's server kept in it for as long as somebody looks, out.
import { existsSync } from "node:fs";
import { openGround } from "../cli/ground.ts";
import { say, sayProblems } from "../cli/terminal.ts";
import { startDaemon } from "../daemon.ts";
import type { Ground } from "../ground.ts";
import type { Emit } from "../model/event.ts";
import { wantsColour } from "../../common/colour.ts";
import { createLog } from "../report/log.ts";
import { ownGit } from "../trial/repository.ts";
import { makeTrial, trialIn, type Trial } from "../trial/trial.ts";
import { succeed, type Problem, type Result } from "../../common/problem.ts";
import { ctrlC } from "./ctrl-c.ts";
import { freePort } from "./free-port.ts";
import { canInstall, isOffered, offerPackages } from "./packages.ts";
import { lookAfterServices } from "./services.ts";
import { describePhase } from "../supervise/describe.ts";
import { welcome } from "./welcome.ts";

/** Where the sentences of a run begin. */
const INDENT = " ".repeat(10);

/** Resolves with the exit code when it was stopped. */
export async function live(folder: string): Promise<number> {
  const trial = await trialOf(folder);
  if (!trial.ok) return giveUp(trial.problems);
  const opened = await openGround(trial.value.config);
  if (!opened.ok) return giveUp(opened.problems);
  const ground = await withFreePort(opened.value);
  const screen = heldBack();
  const supervision = await lookAfterServices(trial.value.config, (service, phase) =>
    screen.when(() => say(`${INDENT}service ${describePhase(service, phase)}`)),
  );
  if (!supervision.ok) return giveUp(supervision.problems);
  const log = logOf(ground);
  const daemon = await startDaemon(ground, { emit: (event) => screen.when(() => log(event)) });
  if (!daemon.ok) {
    await supervision.value.stop();
    return giveUp(daemon.problems);
  }
  say(welcome(trial.value, { address: daemon.value.address, packages: isOffered(trial.value) }));
  screen.release();
  await ctrlC();
  say("\nStopping: a run that is under way is finished first.");
  await daemon.value.stop();
  await supervision.value.stop();
  say("Stopped. npm start goes on where it was.");
  return 0;
}

/** Goes on with the one that is there. */
async function trialOf(folder: string): Promise<Result<Trial>> {
  const there = trialIn(folder);
  if (existsSync(there.config)) return succeed(there);
  const made = await makeTrial(folder, ownGit());
  if (made.ok && (await canInstall())) await offerPackages(made.value);
  return made;
}

/** The settings of the trial, but for a port that somebody else has: perhaps this machine is a school's server itself. */
async function withFreePort(ground: Ground): Promise<Ground> {
  const { http } = ground.config;
  return { ...ground, config: { ...ground.config, http: { ...http, port: await freePort(http.host, http.port) } } };
}

function logOf({ machine }: Ground): Emit {
  const colour = wantsColour(process.stdout, process.env);
  return createLog({ write: (text) => process.stdout.write(text), colour, clock: machine.clock });
}

/** The first run begins before the daemon's address is known; what it tells comes after the welcome all the same. */
function heldBack(): { when(tell: () => void): void; release(): void } {
  let waiting: (() => void)[] | undefined = [];
  return {
    when(tell) {
      if (waiting === undefined) tell();
      else waiting.push(tell);
    },
    release() {
      const told = waiting ?? [];
      waiting = undefined;
      for (const tell of told) tell();
    },
  };
}

function giveUp(problems: readonly Problem[]): number {
  sayProblems(problems);
  say("The folder can be another one: DEMO_DIR=/path npm start");
  return 1;
}
