// Two health reports, from before and after a change, into a verdict: blame the change only for what got worse.
import type { HealthFinding, HealthReport, Verdict } from "../model/health.ts";

/**
 * Only `required` checks turn the verdict. A check that is missing from `before` counts as not ok before: where nothing
 * is known to have worked, there is nothing to blame.
 */
export function judge(before: HealthReport, after: HealthReport): Verdict {
  const wasOk = new Set(before.filter((finding) => finding.ok).map((finding) => finding.name));
  const worsened = after.filter((finding) => gotWorse(finding, wasOk));
  return { keep: worsened.length === 0, worsened };
}

/** What got worse, for a person. */
export function inWords({ worsened }: Verdict): string {
  return worsened.map(({ name, detail }) => `${name}: ${detail}`).join("; ");
}

function gotWorse(finding: HealthFinding, wasOk: ReadonlySet<string>): boolean {
  return finding.level === "required" && !finding.ok && wasOk.has(finding.name);
}
