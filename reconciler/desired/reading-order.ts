// The problems of one file in; the same from its first line to its last, and not too many for a person, out.
import type { Problem } from "../../common/problem.ts";

/** After so many the rest is only counted: a file that is wrong all over does not flood a terminal. */
const MOST = 100;

export function inReadingOrder(problems: readonly Problem[]): Problem[] {
  const sorted = [...problems].sort((one, other) => lineOf(one) - lineOf(other) || columnOf(one) - columnOf(other));
  if (sorted.length <= MOST) return sorted;
  const file = sorted[0]?.where?.file;
  const what = `${sorted.length - MOST} more mistakes are in this file`;
  return [...sorted.slice(0, MOST), { code: "more", ...(file === undefined ? {} : { where: { file } }), what }];
}

function lineOf({ where }: Problem): number {
  return where?.line ?? 0;
}

function columnOf({ where }: Problem): number {
  return where?.column ?? 0;
}
