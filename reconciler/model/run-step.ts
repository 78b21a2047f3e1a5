// What a run can be at when its process dies, and the words for it.
import type { Stage } from "./outcome.ts";

/**
 * Besides the stages: `start`, before the first of them; `recover`, while a run before it is brought to its end;
 * `account`, while it looks at what such a run left.
 */
export type RunStep = Stage | "start" | "recover" | "account";

const DEEDS: Readonly<Record<RunStep, string>> = {
  start: "was beginning a run",
  recover: "was bringing an interrupted run to its end",
  account: "was looking at what an interrupted run left",
  fetch: "was fetching from git",
  verify: "was verifying",
  read: "was reading",
  render: "was rendering",
  refresh: "was asking sources of data, for",
  observe: "was looking at this server, for",
  plan: "was planning for",
  check: "was checking the health of this server, for",
  apply: "was applying",
  judge: "was checking what came of",
  rollback: "was taking back",
};

/** In words that follow "the program": `was applying 1a2b3c4d5e6f, at service squid`. */
export function deedOf(step: RunStep, commit: string | undefined, title: string | undefined): string {
  const isOfCommit = !["start", "recover", "account", "fetch"].includes(step);
  const what = isOfCommit ? ` ${commit === undefined ? "a commit" : commit.slice(0, 12)}` : "";
  return `${DEEDS[step]}${what}${title === undefined ? "" : `, at ${title}`}`;
}
