import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { join } from "node:path";
import { choose } from "../../../reconciler/source/choose.ts";
import type { Choice } from "../../../reconciler/source/choose.ts";
import { openMirror } from "../../../reconciler/source/mirror.ts";
import type { Mirror } from "../../../reconciler/source/mirror.ts";
import { GitForge } from "../../support/git-forge.ts";
import type { Repository } from "../../support/git-forge.ts";

let forge: GitForge;
let main: Repository;
let mirror: Mirror;
let accepted: string | undefined;

beforeEach(async () => {
  forge = await GitForge.open();
  main = await forge.repository();
  accepted = undefined;
  const opened = await openMirror(join(forge.directory, "state", "mirror.git"));
  if (!opened.ok) throw new Error(JSON.stringify(opened.problems));
  mirror = opened.value;
});
afterEach(() => forge.close());

/** What one cycle does: fetch, ask for ancestors, choose, and accept what was chosen from the tip. */
async function cycle(from: Repository = main, pinned?: string): Promise<Choice> {
  const { tip } = await mirror.fetch([{ name: "r1", address: from.url, plainHttp: false }], "main");
  const mark = accepted === undefined ? undefined : await mirror.revision(accepted);
  const pin = pinned === undefined ? undefined : await mirror.revision(pinned);
  const choice = choose({
    ...(tip && { tip }),
    ...(mark && { accepted: mark }),
    ...(pin && { pin }),
    ...(tip && mark && { descends: await mirror.isAncestor(mark.commit, tip.commit) }),
    ...(tip && mark && { behind: await mirror.isAncestor(tip.commit, mark.commit) }),
  });
  if (choice.because === "tip") {
    accepted = choice.revision?.commit;
    await mirror.keep("accepted", accepted ?? "");
  }
  return choice;
}

// The star is the commit that is cared for after the step.
describe("choosing a commit", () => {
  test("the branch grows and is followed", async () => {
    // main: *c1
    const c1 = await main.commit({ a: "1" });
    expect(await cycle()).toMatchObject({ because: "tip", revision: { commit: c1 } });
    // main: c1 - c2 - *c3
    await main.commit({ a: "2" });
    const c3 = await main.commit({ a: "3" });
    expect(await cycle()).toMatchObject({ because: "tip", revision: { commit: c3 } });
    // main: c1 - c2 - *c3
    expect(await cycle()).toMatchObject({ because: "tip", revision: { commit: c3 } });
  });

  test("forced history is refused until the branch is back on top of what was accepted", async () => {
    // main: c1 - *c2
    const c1 = await main.commit({ a: "1" });
    const c2 = await main.commit({ a: "2" });
    await cycle();
    // main: c1 - x2        (forced)
    //          \ *c2       (accepted)
    const x2 = await main.commit({ a: "x" }, { parents: [c1] });
    const refused = await cycle();
    expect(refused).toMatchObject({ because: "accepted", revision: { commit: c2 } });
    expect(refused.refused).toMatchObject({ reason: "rewound", revision: { commit: x2 } });
    expect(refused.refused?.problem.hint).toContain(c2);
    // main: c1 - x2 - *m3
    //          \ c2 /
    const m3 = await main.commit({ a: "m" }, { parents: [x2, c2] });
    const merged = await cycle();
    expect(merged).toMatchObject({ because: "tip", revision: { commit: m3 } });
    expect(merged.refused).toBeUndefined();
  });

  test("a branch that was set back is refused, and what was accepted stays in care", async () => {
    // main: c1 - c2 - *c3
    const c1 = await main.commit({ a: "1" });
    await main.commit({ a: "2" });
    const c3 = await main.commit({ a: "3" });
    await cycle();
    // main: c1             (set back)
    //         \ c2 - *c3   (accepted)
    await main.move("main", c1);
    const choice = await cycle();
    expect(choice).toMatchObject({ because: "accepted", revision: { commit: c3 }, refused: { reason: "rewound" } });
    expect(choice.refused?.problem.what).toContain("older");
    // main: c1 - c2 - c3 - *c4   (a revert, pushed on top)
    const c4 = await main.commit({ a: "1" }, { parents: [c3] });
    expect(await cycle()).toMatchObject({ because: "tip", revision: { commit: c4 } });
  });

  test("another repository with the same branch name is not followed", async () => {
    // r1: *c1
    const c1 = await main.commit({ a: "1" });
    await cycle();
    // r1: *c1    stranger: s1
    const stranger = await forge.repository("stranger");
    await stranger.commit({ a: "evil" });
    expect(await cycle(stranger)).toMatchObject({ because: "accepted", revision: { commit: c1 } });
  });

  test("a pin holds while the branch moves on, and lets go when it is taken away", async () => {
    // main: c1 - *c2
    const c1 = await main.commit({ a: "1" });
    await main.commit({ a: "2" });
    await cycle();
    // main: *c1 - c2 - c3   (pin: c1)
    const c3 = await main.commit({ a: "3" });
    expect(await cycle(main, c1)).toMatchObject({ because: "pinned", revision: { commit: c1 } });
    // main: c1 - c2 - *c3
    expect(await cycle()).toMatchObject({ because: "tip", revision: { commit: c3 } });
  });

  test("without any link the last accepted commit is cared for", async () => {
    // main: *c1
    const c1 = await main.commit({ a: "1" });
    await cycle();
    const revision = await mirror.revision(c1);
    expect(choose({ accepted: revision! })).toEqual({ because: "accepted", revision });
  });
});
