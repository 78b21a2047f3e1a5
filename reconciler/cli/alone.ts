// One cycle by this process itself: where no daemon answers.
import type { Config } from "../config/config.ts";
import { cycle, type CycleWish } from "../cycle.ts";
import type { Emit } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";
import { succeed, type Result } from "../../common/problem.ts";
import { groundOf, lockRun } from "./ground.ts";
import { stopWhenAsked } from "./stopped.ts";

export async function alone(config: Config, agreed: Omit<CycleWish, "trigger">, emit: Emit): Promise<Result<Outcome>> {
  const ground = groundOf(config);
  if (!ground.ok) return ground;
  const lock = await lockRun(ground.value, (who) => process.stderr.write(`waiting for ${who}\n`));
  if (!lock.ok) return lock;
  const goOn = stopWhenAsked(ground.value.state);
  try {
    return succeed(await cycle(ground.value, { trigger: "manual", ...agreed }, emit));
  } finally {
    goOn();
    lock.value.release();
  }
}
