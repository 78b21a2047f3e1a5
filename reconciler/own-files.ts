// What the reconciler itself stands on may not be a wish of the fleet: whoever can change it needs no signature any more.
import type { Ground } from "./ground.ts";
import { kindOf, nameOf } from "./model/state.ts";
import type { Target } from "./model/target.ts";
import type { Problem } from "../common/problem.ts";

export function ownFileProblems({ config, machine }: Ground, target: Target): readonly Problem[] {
  const signers = config.trust.type === "signers" ? [config.trust.allowedSigners] : [];
  const own = [config.file, config.control, config.state, config.stateCopy, ...signers];
  const problems: Problem[] = [];
  for (const [id, { implied }] of target.wanted) {
    if (kindOf(id) !== "file" && kindOf(id) !== "data") continue;
    const path = machine.hostPath(nameOf(id));
    const kept = own.find((each) => path === each || path.startsWith(`${each}/`));
    if (kept !== undefined && implied === undefined) problems.push(ownFile(nameOf(id), kept));
  }
  return problems;
}

function ownFile(path: string, kept: string): Problem {
  return {
    code: "own-file",
    where: { file: path },
    what: `belongs to the reconciler itself (${kept}), which takes no wishes about what it stands on`,
    hint: "take it out of the fleet; settings, signers and state are looked after on the server itself",
  };
}
