// Events in, one JSON object a line out, for journald and other programs.
import { jsonText } from "./json-text.ts";
import { levelOf } from "./level.ts";
import { idToJson, outcomeToJson } from "./outcome-json.ts";
import type { Clock } from "../machine/machine.ts";
import type { Emit, Event } from "../model/event.ts";

export interface JsonLogOptions {
  /** Receives one whole line with its newline. */
  readonly write: (line: string) => void;
  readonly clock: Pick<Clock, "wallMs">;
}

/** Every line has `time` (Unix milliseconds), `level` and `event`; the other members are those of the event. */
export function createJsonLog({ write, clock }: JsonLogOptions): Emit {
  return (event) => {
    const level = levelOf(event);
    if (level !== undefined)
      write(`${jsonText({ time: clock.wallMs(), level, event: event.type, ...members(event) })}\n`);
  };
}

/** Small and plain: a plan by its numbers, an outcome in its documented form. */
function members(event: Event): object {
  switch (event.type) {
    case "planned":
      return { changes: event.plan.changes.length, held: event.plan.held.length };
    case "step-done": {
      const { change, n, of } = event;
      return { ...idToJson(change.id), why: change.why, standing: change.standing, n, of };
    }
    case "run-ended":
      return { outcome: outcomeToJson(event.outcome) };
    default:
      return { ...event, type: undefined };
  }
}
