// A change of what a person asked for in; written down so that no two people's words overtake one another.
import { join } from "node:path";
import type { Ground } from "../ground.ts";
import { takeLock } from "../machine/lock.ts";
import { loadHolds, saveHolds, type Holds } from "../state/holds.ts";
import { succeed, type Result } from "../../common/problem.ts";
import { withCopy } from "./two-copies.ts";

const WAIT_MS = 10_000;

/** Resolves with what was in force before. A run that is under way goes on with that. */
export async function changeHolds(ground: Ground, next: (before: Holds) => Holds): Promise<Result<Holds>> {
  const { config, state } = ground;
  const lock = await takeLock(join(config.state, "holds.lock"), { waitMs: WAIT_MS });
  if (!lock.ok) return lock;
  try {
    return await withCopy(ground, "holds", async () => {
      const before = await loadHolds(state);
      await saveHolds(state, next(before));
      return succeed(before);
    });
  } finally {
    lock.value.release();
  }
}

/** Holds for programs; times are Unix milliseconds. */
export function holdsToJson(holds: Holds): object {
  return { version: 1, kind: "holds", ...holds };
}
