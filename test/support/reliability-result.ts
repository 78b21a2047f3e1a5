// What a sweep counted in, one file of JSON out, from which the table in docs/reliability.md is made.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface ReliabilityResult {
  /** Of the file, and of the row: `crash-sweep`. */
  readonly name: string;
  /** What was tried, in words for the table. */
  readonly title: string;
  /** How many places, histories or runs were tried. */
  readonly points: number;
  /** How they ended, in words, and how often: `{ "the old tree": 700 }`. Their sum is the points. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** What repeats it. */
  readonly seed?: number | string;
  /** Further facts, one sentence each. */
  readonly notes?: readonly string[];
  /** Points by system call, stage or the like. */
  readonly counts?: Readonly<Record<string, number>>;
}

/** Prints it, and keeps it in the folder named by RELIABILITY_OUT where there is one. */
export function tellReliability(result: ReliabilityResult): void {
  const { name, title, points, outcomes, seed } = result;
  const ends = Object.entries(outcomes).map(([word, count]) => `${count} ${word}`);
  console.log(`${title}: ${points}${seed === undefined ? "" : ` (seed ${seed})`}: ${ends.join("; ")}`);
  const folder = process.env["RELIABILITY_OUT"];
  if (folder === undefined || folder === "") return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`);
}
