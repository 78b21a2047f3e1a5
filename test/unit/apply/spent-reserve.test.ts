// For every step n of a run: the disk is full there, and a reserve lies on it. What the run writes down for itself is
// written after all, so that only what was to be changed decides how it ends.
import { expect, test } from "@jest/globals";
import { FileError } from "../../../reconciler/machine/machine.ts";
import { MemorySchool } from "../../support/memory-school.ts";
import { wish, type Wish } from "../../support/wishes.ts";

const OLD: Readonly<Record<string, Wish>> = { "/etc/one": "old\n", "/srv/gone": "old\n" };
const NEW: Readonly<Record<string, Wish>> = {
  "/etc/one": "new\n",
  "/etc/two": "new\n",
  "/srv/new": { directory: true },
};
const RESERVE = "/var/lib/reconciler/reserve";

test("the reserve is given back at most once, and no run is lost for want of a few bytes", async () => {
  const start = new MemorySchool();
  await start.run(wish(OLD));
  start.disk.put(RESERVE, "so many bytes");
  const whole = start.afterPowerCut();
  await whole.run(wish(NEW));
  const ends: Record<string, number> = {};
  for (let n = 1; n <= whole.disk.mutations; n++) {
    const school = start.afterPowerCut();
    school.disk.failAt(n, "ENOSPC");
    const { result } = await school.run(wish(NEW)).catch(whereNothingIsWritten);
    ends[result] = (ends[result] ?? 0) + 1;
    expect(["changed", "failed", "rolled_back", "not closed"]).toContain(result);
    expect(await school.run(wish(NEW))).toMatchObject({ calm: true, problems: [] });
    expect(school.tree()).toEqual(whole.tree());
  }
  // Its own records come through, and a way back that met a full disk is gone a second time.
  expect(ends["changed"]).toBeGreaterThan(5);
  expect(ends["not closed"] ?? 0).toBeLessThanOrEqual(2);
});

/** The journal is closed by its name alone: that needs no bytes, and the next run does it. */
function whereNothingIsWritten(error: unknown) {
  if (!(error instanceof FileError) || !["rename", "sync"].includes(error.operation)) throw error;
  return { result: "not closed" };
}
