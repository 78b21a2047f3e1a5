// What is remembered in, the first answers of refresh and observe out, asked for while git is still being asked.
import { askAhead, type Ahead } from "./machine/ahead.ts";
import type { Machine, Question } from "./machine/machine.ts";
import type { Memory } from "./model/target.ts";
import { everyKind } from "./resources/kinds.ts";

/** Begins what takes long and will be needed whatever git says. */
export async function lookAhead(machine: Machine, memory: Memory): Promise<Ahead> {
  const questions: Question[] = [];
  for (const kind of Object.values(everyKind)) questions.push(...((await kind.ahead?.(machine, memory)) ?? []));
  return askAhead(machine, questions);
}
