// `reconcile suspend`: nothing is changed on this server for a while; it goes on looking and telling.
import { printable } from "../../common/printable.ts";
import { momentNow } from "../model/moment.ts";
import { openGround } from "./ground.ts";
import { changeHolds, holdsToJson } from "./holds.ts";
import { whoAsks } from "./person.ts";
import type { CommonOptions } from "./options.ts";
import { localTime, parseSpan } from "./span.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";
import type { Problem } from "../../common/problem.ts";

export interface SuspendOptions extends CommonOptions {
  readonly reason: string;
  /** `30m`, `12h`, `3d`. */
  readonly for: string;
}

const LONGEST_REASON = 300;

/** Resolves with the exit code: 0 suspended, 1 not, 2 not understood. */
export async function suspend(options: SuspendOptions): Promise<number> {
  const span = parseSpan(options.for);
  const reason = printable(options.reason.trim());
  const misunderstood = [...(span.ok ? [] : span.problems), ...faultsOf(reason)];
  if (!span.ok || misunderstood.length > 0) {
    sayProblems(misunderstood, options.json);
    return EXIT.usage;
  }
  const ground = await openGround(options.config);
  if (!ground.ok) {
    sayProblems(ground.problems, options.json);
    return EXIT.notSettled;
  }
  const began = momentNow(ground.value.machine.clock);
  const suspension = { reason, by: whoAsks(), since: began.at, until: began.at + span.value };
  const before = await changeHolds(ground.value, (holds) => ({ ...holds, suspension: { ...suspension, began } }));
  if (!before.ok) {
    sayProblems(before.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson(holdsToJson({ ...before.value, suspension }));
  else
    say(
      `Suspended until ${localTime(suspension.until)}: ${reason}\nNothing is changed here until then, or until: reconcile resume`,
    );
  return EXIT.settled;
}

function faultsOf(reason: string): readonly Problem[] {
  if (reason !== "" && reason.length <= LONGEST_REASON) return [];
  return [
    {
      code: "bad-reason",
      what: reason === "" ? "the reason is empty" : `the reason is longer than ${LONGEST_REASON} characters`,
      hint: "write a few words for whoever wonders later why nothing happens here",
    },
  ];
}
