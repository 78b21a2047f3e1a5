// For every step n of a run: the disk fails there with an error instead. Nothing is half done afterwards, and when the
// disk works again, the next run ends what was wanted.
import { expect, test } from "@jest/globals";
import { FileError } from "../../../reconciler/machine/machine.ts";
import { MemorySchool } from "../../support/memory-school.ts";
import { wish, type Wish } from "../../support/wishes.ts";

const OLD: Readonly<Record<string, Wish>> = {
  "/etc/one": "old\n",
  "/etc/mode": { content: "same\n", mode: 0o600 },
  "/etc/link": { link: "one" },
  "/srv/gone/file": "old\n",
  "/srv/x": "old\n",
};
const NEW: Readonly<Record<string, Wish>> = {
  "/etc/one": "new\n",
  "/etc/two": "new\n",
  "/etc/mode": { content: "same\n", mode: 0o644 },
  "/etc/link": { link: "two" },
  "/srv/new": { directory: true, mode: 0o700 },
  "/srv/x/file": "new\n",
};

/** In this order the run tells how it ended; `thrown` is trouble with the state directory, which the cycle tells. */
const ENDS = ["changed", "failed", "rolled_back", "rollback_failed", "thrown"] as const;

test("a full disk at any step", async () => {
  const code = "ENOSPC";
  const start = new MemorySchool();
  await start.run(wish(OLD));
  const before = start.exactTree();
  const whole = start.afterPowerCut();
  await whole.run(wish(NEW));
  const ends = new Map<string, number>(ENDS.map((end) => [end, 0]));
  for (let n = 1; n <= whole.disk.mutations; n++) {
    const school = start.afterPowerCut();
    school.disk.failAt(n, code);
    const { result, problems } = await school.run(wish(NEW)).catch(told);
    ends.set(result, (ends.get(result) ?? 0) + 1);
    if (result === "failed" || result === "rolled_back") expect(school.exactTree()).toEqual(before);
    if (result !== "changed") expect(problems.map((each) => each.code)).toContain(`file-${code.toLowerCase()}`);
    await school.recover();
    expect([before, stripped(whole)]).toContainEqual(same(school.exactTree(), before) ? before : stripped(school));
    expect(await school.run(wish(NEW))).toMatchObject({ calm: true, problems: [] });
    expect(stripped(school)).toEqual(stripped(whole));
  }
  expect(ends.get("failed")).toBeGreaterThan(5);
  expect(ends.get("rolled_back")).toBeGreaterThan(5);
  expect(ends.get("rollback_failed")).toBe(0);
});

function told(error: unknown) {
  if (!(error instanceof FileError)) throw error;
  expect(error.path).toMatch(/^\/var\/lib\/reconciler(?:\/|$)/u);
  return { result: "thrown", problems: [{ code: `file-${error.code.toLowerCase()}` }] };
}

/** Without times and inodes, which differ between two ways to the same tree. */
function stripped(school: MemorySchool): readonly string[] {
  return school.tree();
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.join("\n") === other.join("\n");
}
