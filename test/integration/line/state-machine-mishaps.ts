// A stage and something that happens in the middle of it in; the moment at which it strikes, and what then answers at the
// doors of the machine, out.
import type { Ground } from "../../../reconciler/ground.ts";
import { FileError } from "../../../reconciler/machine/machine.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import type { Stage } from "../../../reconciler/model/outcome.ts";
import { behindDoor, changes, grows, waits, type Doorkeeper, type Knock } from "../../support/doors.ts";
import { PowerCut } from "../../support/memory-files.ts";

export type Moment = Stage | "recover" | "keep";
export type Mishap =
  "kill" | "hang" | "error" | "disk full" | "clock ahead" | "clock back" | "newer commit" | "suspension";

export function behind(
  { machine, state, copy, ...ground }: Ground,
  door: Doorkeeper,
  set: { aheadMs: number },
): Ground {
  const { clock } = machine;
  const plugged = behindDoor(state, "state", door);
  return {
    ...ground,
    machine: {
      ...machine,
      files: behindDoor(machine.files, "root", door),
      store: { ...machine.store, files: behindDoor(machine.store.files, "state", door) },
      clock: { ...clock, wallMs: () => clock.wallMs() + set.aheadMs },
    },
    state: plugged,
    copy: behindDoor(copy, "copy", door),
  };
}

interface Trigger {
  hear(event: Event): void;
  knock(knock: Knock): void;
  hasCome(): boolean;
}

/** Acts once, in the middle of what is done then: after some of its changes, where it makes any. */
export function triggerAt(moment: Moment, act: () => void): Trigger {
  let state: "waiting" | "soon" | "over" = "waiting";
  let left = moment === "rollback" || moment === "recover" ? 2 : 0;
  const strike = (): void => {
    state = "over";
    act();
  };
  return {
    hasCome: () => state === "over",
    hear(event) {
      if (state !== "waiting") return;
      if (moment === "apply" ? event.type === "step-done" && event.n === 3 : isStart(event, moment))
        if (left > 0) state = "soon";
        else strike();
    },
    knock(knock) {
      if (state === "soon") {
        if (moment === "keep" || (knock.of === "root" && changes(knock) && --left === 0)) strike();
      } else if (state === "waiting" && knock.of === "state") {
        const [path, bytes] = knock.given;
        if (moment === "read" && knock.call === "read" && path === "/target.cache") strike();
        if (moment === "recover" && knock.call === "read" && path === "/journal.log") state = "soon";
        if (moment === "keep" && knock.call === "append" && String(bytes).includes('"verdict"')) state = "soon";
      }
    },
  };
}

function isStart(event: Event, moment: Moment): boolean {
  return event.type === "stage-started" && event.stage === moment;
}

export const YEAR_MS = 365 * 86_400_000;

export const open: Doorkeeper = () => undefined;

export const dead: Doorkeeper = () => {
  throw new PowerCut();
};

export function hanging(hasHung: () => void): Doorkeeper {
  return (knock) => {
    if (!waits(knock)) return undefined;
    hasHung();
    return { instead: new Promise(() => undefined) };
  };
}

export const full: Doorkeeper = (knock) => {
  if (knock.call === "space") return { instead: { bytes: 0, inodes: 0, readOnly: false, device: 1 } };
  return grows(knock) ? fail("ENOSPC", knock) : undefined;
};

export function fail(code: string, { call, given: [path] }: Knock): never {
  throw new FileError(code, call, String(path));
}
