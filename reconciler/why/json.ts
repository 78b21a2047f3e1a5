// An answer to "why?" as plain, versioned JSON; docs/json/why.schema.json describes every member.
import type { FileState } from "../model/file-state.ts";
import type { Answer } from "./explanation.ts";

/** The shape changes in ways that break readers only together with this number. */
const WHY_VERSION = 1;

/** `stateToJson` writes a state as the other shapes do. */
export function whyToJson(answer: Answer, program: string, stateToJson: (state: FileState) => unknown) {
  const head = { version: WHY_VERSION, kind: "why", managed: answer.managed, program } as const;
  if (!answer.managed) return { ...head, ...answer.unmanaged };
  const { wanted, present, ...rest } = answer.explanation;
  const { standing, state } = present ?? {};
  const seen = state === undefined ? undefined : stateToJson(state);
  return {
    ...head,
    ...rest,
    wanted: stateToJson(wanted),
    ...(present === undefined ? {} : { present: { standing, state: seen } }),
  };
}
