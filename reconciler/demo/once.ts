// A folder and the reconciler's program in; the whole story, told while it is played, and whether it came true, out.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { say, sayProblems } from "../cli/terminal.ts";
import { gitWith } from "../trial/repository.ts";
import { makeTrial } from "../trial/trial.ts";
import type { Problem } from "../../common/problem.ts";
import { ctrlC } from "./ctrl-c.ts";
import { Deviation } from "./deviation.ts";
import { expectResult } from "./expectations.ts";
import { canInstall } from "./packages.ts";
import type { Scene } from "./scenes/scene.ts";
import { storyOf } from "./scenes/story.ts";
import { openSchool, type Ran, type School } from "./school.ts";
import { countStarts, lookAfterServices } from "./services.ts";
import { closingTable, indent, outcomeLine, type Played } from "./told.ts";

// Nobody's git configuration takes part in the story.
const NOBODYS = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };

/** Resolves with the exit code: 0 when every scene came out as told. The folder is kept when one did not. */
export async function once(folder: string, program: string): Promise<number> {
  const git = gitWith(NOBODYS);
  if (existsSync(join(folder, "fleet.git"))) await rm(folder, { recursive: true });
  const trial = await makeTrial(folder, git);
  if (!trial.ok) return giveUp(trial.problems);
  const scenes = storyOf(await canInstall());
  const { starts, onPhase } = countStarts();
  const supervision = await lookAfterServices(trial.value.config, onPhase);
  if (!supervision.ok) return giveUp(supervision.problems);
  const stop = listenForCtrlC();
  say(`The story of one school's server, in ${scenes.length} scenes.\n`);
  const played = await playAll(scenes, openSchool(trial.value, { program, git, starts }), stop);
  await supervision.value.stop();
  say(closingTable(played));
  const isTrue = played.length === scenes.length && played.every(({ deviation }) => deviation === undefined);
  if (isTrue) await rm(folder, { recursive: true });
  else say(`\n${stop() ? "Stopped" : "It did not come out as told"}. Everything is still there to look at: ${folder}`);
  return isTrue ? 0 : 1;
}

function giveUp(problems: readonly Problem[]): number {
  sayProblems(problems);
  return 1;
}

/** Whether somebody has seen enough; the scene that is being played is played to its end. */
function listenForCtrlC(): () => boolean {
  let asked = false;
  void ctrlC().then(() => {
    asked = true;
    say("\nStopping: the scene that is being played is finished first.");
  });
  return () => asked;
}

/** A scene stands on the ones before it, so the first deviation ends the story. */
async function playAll(scenes: readonly Scene[], school: School, isOver: () => boolean): Promise<readonly Played[]> {
  const played: Played[] = [];
  for (const scene of scenes) {
    say(`${played.length + 1}. ${scene.title}`);
    const result = await play(scene, school);
    played.push(result);
    say(indent(`${outcomeLine(result)}\n${result.deviation ?? result.told}\n`));
    if (result.deviation !== undefined || isOver()) break;
  }
  return played;
}

async function play(scene: Scene, school: School): Promise<Played> {
  const began = performance.now();
  let ran: Ran | undefined;
  const end = (how: { told: string } | { deviation: string }): Played => {
    const seen = ran === undefined ? {} : { result: ran.outcome.result, exitCode: ran.exitCode };
    return { title: scene.title, ...how, ...seen, ms: performance.now() - began };
  };
  try {
    const before = school.look();
    await scene.happens?.(school);
    ran = await school.reconcile();
    expectResult(ran, scene.result, scene.settled);
    return end({ told: await scene.came(school, ran, before) });
  } catch (error) {
    return end({ deviation: error instanceof Deviation ? error.message : String(error) });
  }
}
