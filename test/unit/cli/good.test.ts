// A branch in one line, a - b - c - d; which of its good commits to go back to.
import { expect, test } from "@jest/globals";

import { findGood, goodBefore } from "../../../reconciler/cli/good.ts";
import type { Revision } from "../../../reconciler/model/revision.ts";
import type { Ledger } from "../../../reconciler/state/ledger.ts";

const LINE = "abcd";
const mirror = {
  isAncestor: async (older: string, newer: string) => LINE.indexOf(older[0]!) <= LINE.indexOf(newer[0]!),
};

function revision(letter: string): Revision {
  return { commit: letter.repeat(40), tree: letter.repeat(40), time: 0, subject: `commit ${letter}`, author: "Admin" };
}

/** The first letter is what stands; the others were good, newest first. */
function ledger(applied: string, good: string): Ledger {
  return { applied: revision(applied), good: Array.from(good, revision), quarantine: {} };
}

test.each([
  ["c", "cba", "b", "the one before"],
  ["b", "bca", "a", "further back after going back, and never forward again"],
  ["d", "cba", "c", "the newest good one when what stands is not good itself"],
  ["d", "acb", "c", "the newest by descent, not the one that was good last"],
])("with %s standing and %s good it is %s: %s", async (applied, good, wanted) => {
  const chosen = await goodBefore(ledger(applied, good), mirror);
  expect(chosen.ok && chosen.value.commit[0]).toBe(wanted);
});

test.each([
  ["a", "ba"],
  ["a", "a"],
  ["a", ""],
])("with %s standing and %s good there is nothing before it", async (applied, good) => {
  const chosen = await goodBefore(ledger(applied, good), mirror);
  expect(!chosen.ok && chosen.problems[0]?.code).toBe("nothing-before");
});

test("a revision is found by its abbreviated id", () => {
  const found = findGood(ledger("c", "cba"), "bbbb");
  expect(found.ok && found.value.commit).toBe("b".repeat(40));
});

test.each(["d".repeat(40), "bbb", "HEAD", "--help", "b".repeat(41)])(
  "%s is refused, and the good ones are listed",
  (word) => {
    const found = findGood(ledger("c", "cb"), word);
    expect(found).toMatchObject({ ok: false, problems: [{ code: "not-good" }] });
    expect(!found.ok && found.problems[0]?.hint).toContain("bbbbbbbbbbbb  commit b");
  },
);

test("an abbreviation of several is refused", () => {
  const twins = { good: [revision("a"), { ...revision("a"), commit: `aaaa${"b".repeat(36)}` }] };
  expect(findGood(twins, "aaaa")).toMatchObject({ ok: false, problems: [{ code: "ambiguous-revision" }] });
});
