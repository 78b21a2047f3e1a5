// Questions that a run is sure to ask soon, asked while it still waits for something else.
import type { CommandResult, Machine, Question } from "./machine.ts";

/** A machine in, the same one out: what was asked ahead is answered with what was found then. */
export type Ahead = (machine: Machine) => Machine;

/** For whoever has changed something: from then on everything is looked at anew. */
export const nothingAhead: Ahead = (machine) => machine;

/** Begins all of them now. An answer that nobody waits for is dropped. */
export function askAhead(machine: Machine, questions: readonly Question[]): Ahead {
  const answers = new Map<string, Promise<CommandResult>>();
  for (const { argv, options } of questions) answers.set(keyOf(argv), machine.query(argv, options));
  // A query that fails says so in its answer; one that throws throws for whoever asks.
  for (const answer of answers.values()) answer.catch(() => undefined);
  return (asked) => ({
    ...asked,
    query: (argv, options) =>
      (options.anew === true ? undefined : answers.get(keyOf(argv))) ?? asked.query(argv, options),
  });
}

/** No argument holds a NUL. */
function keyOf(argv: readonly string[]): string {
  return argv.join("\0");
}
