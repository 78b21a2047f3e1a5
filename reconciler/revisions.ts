// The remotes and what this server remembers in; the revisions worth caring for out, the wished-for one first.
import type { Config } from "./config/config.ts";
import type { Course } from "./course.ts";
import type { Revision } from "./model/revision.ts";
import { choose } from "./source/choose.ts";
import type { Mirror } from "./source/mirror.ts";
import { verify } from "./source/verify.ts";
import type { Holds } from "./state/holds.ts";
import type { Ledger } from "./state/ledger.ts";
import type { Problem } from "../common/problem.ts";

export interface Offered {
  /** The newest commit of the branch, as far as it is known. */
  readonly desired?: Revision;
  /** To be tried in this order: what git wants (or a person pinned), then what stands, then what was good last. */
  readonly candidates: readonly Revision[];
  /** Whether git could be asked at all, and whether what it offers may be followed. */
  readonly current: boolean;
  /** Whether `desired` grows out of what was accepted before. */
  readonly followable: boolean;
}

/** Asks the remotes, unless `fetch` is false, and chooses. Problems are told to the course. */
export async function findRevisions(
  config: Config,
  mirror: Mirror,
  ledger: Ledger,
  holds: Holds,
  course: Course,
  fetch: boolean,
): Promise<Offered> {
  const tip = fetch ? await fetchTip(config, mirror, course) : undefined;
  const desired =
    tip ??
    (await mirror.tip(
      config.remotes.map(({ name }) => name),
      config.branch,
    ));
  const accepted = ledger.accepted ?? ledger.applied;
  const pin = holds.pin === undefined ? undefined : await mirror.revision(holds.pin.commit);
  const lost = holds.pin !== undefined && pin === undefined;
  if (lost) course.tell([pinLost(holds.pin.commit)]);
  const choice = choose({
    ...(desired === undefined ? {} : { tip: desired }),
    ...(accepted === undefined ? {} : { accepted }),
    ...(pin === undefined ? {} : { pin }),
    ...(await descent(mirror, accepted, desired)),
  });
  if (choice.refused !== undefined)
    refuseRevision(course, choice.refused.revision, "rewound", [choice.refused.problem]);
  // After a rollback, what stands is older than what was accepted: a tip that is refused is no reason to go forward.
  const stays = lost || choice.because === "accepted" ? (ledger.applied ?? choice.revision) : choice.revision;
  // What stands here comes before what was good once: also a revision that is not well is newer than the last good one.
  const fallbacks = [stays, ledger.applied, ledger.good[0]].filter((revision) => revision !== undefined);
  const candidates = fallbacks.filter(
    ({ commit }, index) => fallbacks.findIndex((each) => each.commit === commit) === index,
  );
  const followable = choice.refused === undefined;
  const current = (tip !== undefined || !fetch) && followable && !lost;
  return { ...(desired === undefined ? {} : { desired }), candidates, current, followable };
}

async function fetchTip(config: Config, mirror: Mirror, course: Course): Promise<Revision | undefined> {
  const remotes = config.remotes.map(({ url, ...remote }) => ({ ...remote, address: url }));
  const fetched = await course.stage("fetch", () => mirror.fetch(remotes, config.branch));
  for (const { remote, ok, problem } of fetched.attempts) {
    course.emit({ type: "fetched", remote, ok, at: Date.now(), ...(problem === undefined ? {} : { problem }) });
  }
  // With an answer from a later remote, the silence of an earlier one is only worth the metric.
  if (fetched.tip === undefined) course.tell(fetched.attempts.flatMap(({ problem }) => problem ?? []));
  course.tell(fetched.notices);
  return fetched.tip;
}

async function descent(
  mirror: Mirror,
  accepted: Revision | undefined,
  tip: Revision | undefined,
): Promise<{ descends?: boolean; behind?: boolean }> {
  if (accepted === undefined || tip === undefined || accepted.commit === tip.commit) return {};
  if (await mirror.isAncestor(accepted.commit, tip.commit)) return { descends: true };
  return { descends: false, behind: await mirror.isAncestor(tip.commit, accepted.commit) };
}

/** Whether we trust who signed it, before anything of it is read. */
export async function trusted(config: Config, mirror: Mirror, revision: Revision): Promise<readonly Problem[]> {
  const { trust } = config;
  const verified = await verify(
    mirror,
    revision,
    trust.type === "none" ? "none" : { allowedSigners: trust.allowedSigners },
  );
  return verified.ok ? [] : verified.problems;
}

export function refuseRevision(course: Course, revision: Revision, reason: string, problems: readonly Problem[]): void {
  course.emit({ type: "revision-refused", revision, reason, problems });
  course.tell(problems);
}

/** Following git instead would undo what a person decided, and nobody would know why. */
function pinLost(commit: string): Problem {
  return {
    code: "pin-lost",
    what: `this server was told to stay at ${commit.slice(0, 12)}, which the mirror of the repository no longer holds`,
    hint: "push that commit again, or let git be followed: reconcile resume",
  };
}
