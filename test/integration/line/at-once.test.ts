// Several `reconcile --now` at the same time: one after the other, whatever they find to do.
import { afterEach, expect, test } from "@jest/globals";
import { readHistory } from "../../../reconciler/state/history.ts";
import { School, treeLines } from "../../support/school.ts";
import { NEW } from "./two-trees.ts";

let school: School;

afterEach(() => school.close());

test("three at the same time never run two cycles at once, and all end well", async () => {
  school = await School.open();
  await school.commit(NEW);
  const runs = await Promise.all([school.now(), school.now(), school.now()]);
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(runs.filter(({ stdout }) => /^\S+ {2}changed /mu.test(stdout))).toHaveLength(1);
  expect(runs.filter(({ stdout }) => /^\S+ {2}unchanged /mu.test(stdout))).toHaveLength(2);
  expect(runs.filter(({ stderr }) => stderr.includes("waiting for another run"))).not.toHaveLength(0);

  const { state } = await school.ground();
  const spans = (await readHistory(state)).map(({ startedAt, durationMs }) => [startedAt, startedAt + durationMs]);
  expect(spans).toHaveLength(3);
  for (const [index, [start = 0]] of spans.entries()) {
    const [, end = 0] = spans[index - 1] ?? [];
    // The clock that tells when is not the one that tells how long.
    expect(start).toBeGreaterThanOrEqual(Math.floor(end) - 2);
  }
});

test("a commit that comes while a cycle runs is taken up by the one that waits", async () => {
  school = await School.open();
  const health = { slow: { exec: ["/bin/sleep", "0.4"], grace_s: 0 } };
  const fleet = (text: string) => ({
    "fleet.yaml": JSON.stringify({ files: { "/etc/motd": { copy: "files/motd" } }, health }),
    "files/motd": text,
  });
  await school.commit(fleet("one\n"));
  const first = school.now();
  await waitFor(() => treeLines(school.snapshot()).join("\n").includes("one\n"));
  await school.commit(fleet("two\n"));
  const second = school.now();
  expect([(await first).code, (await second).code]).toEqual([0, 0]);
  expect(treeLines(school.snapshot()).join("\n")).toContain("two\n");
});

async function waitFor(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
