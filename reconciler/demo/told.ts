// Scenes that were played in, the words about them out.
import type { RunResult } from "../model/outcome.ts";

export interface Played {
  readonly title: string;
  /** How the run ended; nothing when it did not come so far. */
  readonly result?: RunResult;
  readonly exitCode?: number | undefined;
  /** What came of it, or what should have and did not. */
  readonly told?: string;
  readonly deviation?: string;
  readonly ms: number;
}

/** `reconcile --now: changed, exit 0 (0.3 s)`. */
export function outcomeLine({ result, exitCode, ms }: Played): string {
  const how = result === undefined ? "did not come so far" : `${words(result)}, exit ${exitCode ?? "missing"}`;
  return `reconcile --now: ${how} (${seconds(ms)})`;
}

export function closingTable(played: readonly Played[]): string {
  const rows = played.map(({ title, result, deviation, ms }, index) => {
    const number = String(index + 1).padStart(2);
    const how = (result === undefined ? "" : words(result)).padEnd("roll-back failed".length);
    return `${number}  ${deviation === undefined ? "as told" : "NOT SO "}  ${seconds(ms).padStart(6)}  ${how}  ${title}`;
  });
  const all = played.reduce((sum, { ms }) => sum + ms, 0);
  const good = played.filter(({ deviation }) => deviation === undefined).length;
  return [...rows, `\n${good} of ${played.length} scenes came out as told, in ${seconds(all)}.`].join("\n");
}

function words(result: RunResult): string {
  return result === "rollback_failed" ? "roll-back failed" : result.replace("_", " ");
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Moves every line that is not empty to the right. */
export function indent(text: string): string {
  return text.replace(/^(?=.)/gmu, "   ");
}
