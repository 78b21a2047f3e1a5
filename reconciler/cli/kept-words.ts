// What is kept in; one line each for a person, or one value for programs, out.
import { printable } from "../../common/printable.ts";
import { amount } from "../report/words.ts";
import type { Kept } from "../state/kept.ts";
import { localTime } from "../status/time-words.ts";

/** Newest first, as they come: of one path, or everything by run. */
export function describeKept(kept: readonly Kept[], ofOne: boolean): readonly string[] {
  if (kept.length === 0) return ["nothing is kept here: no run has replaced anything that was not ours"];
  const lines = ofOne ? ofOnePath(kept) : byRun(kept);
  return [...lines, "to put one back: reconcile restore PATH --newest, or --from RUN; elsewhere: --to FILE"];
}

function ofOnePath(kept: readonly Kept[]): readonly string[] {
  const [first] = kept;
  return [printable(first?.path ?? ""), ...kept.map((one) => `  ${columns(one)}  ${printable(one.run)}`)];
}

function byRun(kept: readonly Kept[]): readonly string[] {
  const runs = [...new Set(kept.map(({ run }) => run))];
  return runs.flatMap((run) => [
    printable(run),
    ...kept.filter((one) => one.run === run).map((one) => `  ${columns(one)}  ${printable(one.path)}`),
  ]);
}

function columns({ at, size, mode, uid, gid, digest }: Kept): string {
  const owner = uid === undefined || gid === undefined ? "?" : `${uid}:${gid}`;
  return [
    at === undefined ? "time unknown".padEnd("2026-11-23 16:35".length) : localTime(at),
    amount(size, "byte").padStart(14),
    (mode === undefined ? "?" : mode.toString(8)).padStart(4, mode === undefined ? " " : "0"),
    owner.padEnd(9),
    digest.slice(0, 12),
  ].join("  ");
}

/** docs/json/restore.schema.json describes every member. */
export function keptToJson(kept: readonly Kept[]) {
  return { version: 1, kind: "kept", kept } as const;
}
