// What `npm start` says first: where things are, and what to try.
import type { Trial } from "../trial/trial.ts";
import { commitSomething, commitSomethingBroken, editByHand, type Suggestion } from "../trial/try-next.ts";

export function welcome(trial: Trial, address: string): string {
  const suggestions = [commitSomething(trial), editByHand(trial), commitSomethingBroken(trial)];
  return `A school's server is kept here as its fleet wants it.

  the fleet    ${trial.fleet}
  the school   ${trial.root}
  its status   ${address}/status, and /metrics

Three things to try, each a line to paste into another terminal:

${suggestions.map(paragraph).join("\n\n")}

The first line also repairs what the third one breaks. Ctrl-C stops; npm start goes on from there.
`;
}

function paragraph({ what, line }: Suggestion, index: number): string {
  return `${index + 1}. ${what}\n   ${line}`;
}
