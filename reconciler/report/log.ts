// Events in, the account of every cycle for a person out: one line when all is calm, sentences when something happens.
import * as say from "./log/lines.ts";
import { changeSentence, heldSentence } from "./sentence.ts";
import { createPaint } from "./log/paint.ts";
import { createSheet } from "./log/sheet.ts";
import { amount, cut, LONGEST_LIST, moreLine } from "./words.ts";
import { describeProblem } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";
import type { Clock } from "../machine/machine.ts";
import type { Emit, Event } from "../model/event.ts";
import type { HealthFinding } from "../model/health.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Problem } from "../../common/problem.ts";
import type { Revision } from "../model/revision.ts";

export interface LogOptions {
  /** Receives one or more whole lines with their newlines. */
  readonly write: (text: string) => void;
  readonly colour: boolean;
  /** Its wall clock stands at the beginning of lines, in local time. */
  readonly clock: Pick<Clock, "wallMs">;
}

/** What was heard in the cycle so far. */
interface Heard {
  readonly because: string;
  revision?: Revision;
  steps: number;
  stepsClosed: boolean;
  healthTold: boolean;
  readonly after: HealthFinding[];
  /** The outcome repeats problems that were told when they arose. */
  readonly told: Set<string>;
}

/**
 * An unchanged cycle is one line; so is one that met the same trouble as the cycle before it. Changes are told while
 * they are made. Everything from outside is made printable.
 */
export function createLog({ write, colour, clock }: LogOptions): Emit {
  const paint = createPaint(colour);
  const sheet = createSheet(write, clock);
  let heard = nothingHeard();

  const open = () => sheet.open(say.headingLine(heard.because, heard.revision));
  const tellProblems = (problems: readonly Problem[]) => {
    const untold = problems.filter((problem) => !heard.told.has(describeProblem(problem)));
    for (const problem of untold) heard.told.add(describeProblem(problem));
    for (const problem of untold.slice(0, LONGEST_LIST)) sheet.put(...say.problemLines(problem, paint));
    if (untold.length > LONGEST_LIST) sheet.put(moreLine(untold.length));
  };
  const closeSteps = () => {
    if (!heard.stepsClosed && heard.steps > LONGEST_LIST) sheet.put(moreLine(heard.steps));
    heard.stepsClosed = true;
  };
  const tellHealth = (findings: readonly HealthFinding[]) => {
    if (!heard.healthTold) sheet.put(...say.healthLines(findings, paint));
    heard.healthTold = true;
  };
  const end = (outcome: Outcome) => {
    closeSteps();
    sheet.put(...cut(outcome.held.map(heldSentence)));
    tellProblems(outcome.problems);
    if (sheet.isOpen() || outcome.health.some((finding) => !finding.ok)) tellHealth(outcome.health);
    sheet.put(...say.nextLine(outcome));
    sheet.end(say.headingLine(heard.because, heard.revision), say.summaryLine(outcome, paint));
    heard = nothingHeard();
  };

  return (event: Event) => {
    switch (event.type) {
      case "run-started":
        heard = nothingHeard(event.because);
        sheet.begin();
        break;
      case "revision-chosen":
        heard.revision = event.revision;
        break;
      case "revision-refused":
        sheet.put(say.refusalLine(event.revision, event.reason, paint));
        tellProblems(event.problems);
        break;
      case "recovered":
        sheet.put(say.recoveryLine(event, paint));
        tellProblems(event.problems);
        break;
      case "died":
        sheet.put(say.deathLine(event, paint));
        break;
      case "report-only-ended":
        sheet.put(paint.good(`changes are made again: ${printable(event.because)}`));
        break;
      case "step-done":
        open();
        if (++heard.steps <= LONGEST_LIST) sheet.put(changeSentence(event.change));
        break;
      case "health":
        if (event.when === "after") heard.after.push(event.finding);
        break;
      case "rolling-back":
        open();
        closeSteps();
        tellHealth(heard.after);
        sheet.put(paint.careful(`undo    because ${printable(event.reason)}`));
        break;
      case "rolled-back":
        sheet.put(say.undoneLine(event.ok, event.steps, paint));
        tellProblems(event.problems);
        break;
      case "kept":
        sheet.put(`kept    the old content of ${amount(event.files, "file")} in ${printable(event.folder)}`);
        break;
      case "problem":
        tellProblems([event.problem]);
        break;
      case "run-ended":
        end(event.outcome);
        break;
      case "fetched": // Told as a problem when no remote answered; otherwise there is nothing to do about it.
      case "stage-started":
      case "stage-ended":
      case "planned":
      case "data-ages":
        break;
    }
  };
}

function nothingHeard(because = "it was asked for"): Heard {
  return { because, steps: 0, stepsClosed: false, healthTold: false, after: [], told: new Set() };
}
