// What `npm start` says first: where things are, and what to try.
import type { Trial } from "../trial/trial.ts";
import * as next from "../trial/try-next.ts";

export interface Shown {
  /** Where the daemon answers. */
  readonly address: string;
  /** Whether packages can be installed into the folder of the school. */
  readonly packages: boolean;
}

export function welcome(trial: Trial, { address, packages }: Shown): string {
  const suggestions = [
    next.commitSomething(trial),
    next.editByHand(trial),
    next.commitSomethingBroken(trial),
    next.renameLessons(trial),
    ...(packages ? [next.wantPackage(trial)] : []),
  ];
  return `A school's server is kept here as its fleet wants it.

  the fleet    ${trial.fleet}
  the school   ${trial.root}
  its lessons  a web page; its address is in ${trial.root}/run/lessons/address
  its status   ${address}/status, and /metrics

Things to try, each a line to paste into another terminal:

${suggestions.map(paragraph).join("\n\n")}

The first line also repairs what the third one breaks. Ctrl-C stops; npm start goes on from there.
${packages ? "" : NO_PACKAGES}`;
}

const NO_PACKAGES = "Packages are not shown, because this machine has no dpkg and apt-get.\n";

function paragraph({ what, line }: next.Suggestion, index: number): string {
  return `${index + 1}. ${what}\n   ${line}`;
}
