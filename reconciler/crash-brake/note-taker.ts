// The events of a run in; a note of what it is at, for whoever comes after it should its process die, out.
import type { Files } from "../machine/machine.ts";
import type { Event } from "../model/event.ts";
import type { RunStep } from "../model/run-step.ts";
import { jotAtWork, type AtWork } from "../state/at-work.ts";

type OfRevision = Pick<AtWork, "commit" | "digest">;

export interface NoteTaker {
  listen(event: Event): void;
  /** From now on there is a note; before, there may still be that of the last run. */
  begin(step: RunStep, revision: OfRevision): void;
  turnTo(revision: OfRevision): void;
  offered(commit: string): void;
  at(step: RunStep): void;
}

/** Nothing waits for the disk, and nothing stops, because of a note. */
export function createNoteTaker(state: Files, boot: string | undefined): NoteTaker {
  let run = "";
  let revision: OfRevision = {};
  let offered: Pick<AtWork, "offered"> = {};
  let hasBegun = false;

  const at = (step: RunStep): void => {
    // Before a revision is chosen, none is to blame.
    if (step === "start" || step === "fetch") revision = {};
    if (!hasBegun) return;
    try {
      jotAtWork(state, { run, step, ...revision, ...offered, ...(boot === undefined ? {} : { boot }) });
    } catch {
      // A disk that is full or read-only is told where something depends on it; here it only hides a death.
    }
  };
  return {
    begin(step, of) {
      hasBegun = true;
      revision = of;
      at(step);
    },
    at,
    turnTo: (next) => void (revision = next),
    offered: (commit) => void (offered = { offered: commit }),
    listen(event) {
      if (event.type === "run-started") ({ run } = event);
      if (event.type === "stage-started") at(event.stage);
      if (event.type === "recovered") at("start");
      if (event.type === "revision-chosen") {
        const { digest } = event;
        revision = { commit: event.revision.commit, ...(digest === undefined ? {} : { digest }) };
      }
    },
  };
}
