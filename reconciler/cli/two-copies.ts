// A change of what this server remembers in; made with what was lost brought back first, and its second copy kept up.
import type { Ground } from "../ground.ts";
import { restoreFromCopy, saveCopy, type Copied } from "../state/second-copy.ts";

/** Trouble with the copy is told by the next run: it is no reason not to do what a person asks for. */
export async function withCopy<T>({ state, copy }: Ground, name: Copied, act: () => Promise<T>): Promise<T> {
  await restoreFromCopy(state, copy, [name]);
  const done = await act();
  await saveCopy(state, copy, [name]);
  return done;
}
