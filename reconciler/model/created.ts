// Whether a change brings something here that was not here before, so that it may be taken away again one day.
import type { Change } from "./plan.ts";

/** A service is there with its package; what we bring is that it runs, or starts with the machine. */
export function creates({ before, after }: Pick<Change, "before" | "after">): boolean {
  if (before.type !== "service" || after.type !== "service") return before.type === "absent";
  const begins = after.running === true && before.running !== true;
  return begins || (after.enabled === true && before.enabled !== true);
}
