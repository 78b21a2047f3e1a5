// environment-cases.json: texts of .env files, each with the values or the problems that reading them has to give.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface EnvironmentCase {
  readonly title: string;
  readonly bytes: Buffer;
  readonly values?: Record<string, string>;
  /** `<line>:<column> <code>`, in order. */
  readonly problems?: readonly string[];
}

interface WrittenCase extends Omit<EnvironmentCase, "bytes"> {
  readonly text?: string;
  /** What stands before, what is repeated, how often, and what stands behind. */
  readonly repeat?: readonly [string, string, number, string];
  readonly base64?: string;
}

const WRITTEN: WrittenCase[] = JSON.parse(readFileSync(join(import.meta.dirname, "environment-cases.json"), "utf8"));

export const CASES: readonly EnvironmentCase[] = WRITTEN.map(({ text = "", repeat, base64, ...rest }) => {
  if (base64 !== undefined) return { ...rest, bytes: Buffer.from(base64, "base64") };
  const [before, unit, times, behind] = repeat ?? [text, "", 0, ""];
  return { ...rest, bytes: Buffer.from(before + unit.repeat(times) + behind) };
});
