// Words of events in, label values out: a few fixed ones, or bounded in length and number.
import { printable } from "../../../common/printable.ts";
import type { Policy } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { RunResult, Stage, Trigger } from "../../model/outcome.ts";
import type { RunStep } from "../../model/run-step.ts";
import type { Standing, Wait, Why } from "../../model/plan.ts";
import type { Kind } from "../../model/state.ts";

// Records, so that a new word in the model does not compile before it has its series here.
export const TRIGGERS = keys<Trigger>({ timer: 1, manual: 1, change: 1, boot: 1 });
export const RESULTS = keys<RunResult>({
  unchanged: 1,
  changed: 1,
  failed: 1,
  rolled_back: 1,
  rollback_failed: 1,
  deferred: 1,
});
export const STAGES = keys<Stage>({
  fetch: 1,
  verify: 1,
  read: 1,
  render: 1,
  refresh: 1,
  observe: 1,
  plan: 1,
  check: 1,
  apply: 1,
  judge: 1,
  rollback: 1,
});
export const STEPS = [...STAGES, ...keys<Exclude<RunStep, Stage>>({ start: 1, recover: 1, account: 1 })];
export const POLICIES = keys<Policy>({ enforce: 1, report: 1, ignore: 1 });
export const STANDINGS = keys<Standing>({ in_sync: 1, pending: 1, drift: 1, conflict: 1, foreign: 1 });
export const KINDS = keys<Kind>({ group: 1, user: 1, package: 1, file: 1, data: 1, service: 1 });
export const WAITS = keys<Wait["for"]>({ window: 1, guard: 1, trouble: 1, needs: 1 });
export const ROLES = ["desired", "attempted", "applied", "known_good"] as const;
export const CAUSES = ["intentional", "corrective"] as const;
export const ROLLBACK_REASONS = ["health", "apply", "crash"] as const;
export const VERIFY_REASONS = [
  "unsigned",
  "unknown_key",
  "bad_signature",
  "wrong_kind",
  "signers_file",
  "rewind",
] as const;
export const RECOVERED = ["journal", "state_copy", "git"] as const;

export type Role = (typeof ROLES)[number];
export type RollbackReason = (typeof ROLLBACK_REASONS)[number];
export type VerifyReason = (typeof VERIFY_REASONS)[number];

/** Git moved, or somebody changed the server. */
export function causeOf(why: Why): (typeof CAUSES)[number] {
  return why === "drifted" ? "corrective" : "intentional";
}

const VERIFY: ReadonlyMap<string, VerifyReason> = new Map([
  ["unsigned", "unsigned"],
  ["signer-unknown", "unknown_key"],
  ["signature-bad", "bad_signature"],
  ["signature-kind", "wrong_kind"],
  ["signers-missing", "signers_file"],
  ["signers-denied", "signers_file"],
  ["signers-owner", "signers_file"],
  ["signers-writable", "signers_file"],
  ["signers-path", "signers_file"],
  ["rewound", "rewind"],
]);

/** Undefined when a revision was refused for something else than its signer or its history. */
export function verifyReason(problems: readonly Problem[]): VerifyReason | undefined {
  for (const { code } of problems) {
    const reason = VERIFY.get(code);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

const RECOVERIES: ReadonlyMap<string, (typeof RECOVERED)[number]> = new Map([
  ["journal-damaged", "journal"],
  ["state-damaged", "state_copy"],
  ["mirror-tidied", "git"],
  ["mirror-renewed", "git"],
]);

/** What had to be repaired after a power cut, if the problem tells of that. */
export function recoveryOf({ code }: Problem): (typeof RECOVERED)[number] | undefined {
  return RECOVERIES.get(code);
}

const LONGEST = 80;

/** For words from outside: one printable line of at most 80 characters. */
export function labelText(text: string): string {
  return printable(text).slice(0, LONGEST);
}

/** Lets the first `most` different words through; the rest are one word. */
export function createBound(most: number): (word: string) => string {
  const known = new Set<string>();
  return (word) => {
    const text = labelText(word);
    if (known.has(text)) return text;
    if (known.size >= most) return "other";
    known.add(text);
    return text;
  };
}

function keys<K extends string>(record: Readonly<Record<K, 1>>): readonly K[] {
  return Object.keys(record).filter((key): key is K => key in record);
}
