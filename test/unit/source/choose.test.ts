import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { choose } from "../../../reconciler/source/choose.ts";
import type { Revision } from "../../../reconciler/model/revision.ts";

function revision(letter: string): Revision {
  return { commit: letter.repeat(40), tree: letter.repeat(40), time: 1, subject: letter, author: "Ana" };
}

const [tip, accepted, pin] = [revision("a"), revision("b"), revision("c")];

test("nothing known is nothing chosen", () => {
  expect(choose({})).toEqual({ because: "nothing" });
});

test("the first tip ever seen is taken", () => {
  expect(choose({ tip })).toEqual({ because: "tip", revision: tip });
});

test("a tip that is not said to descend is refused: the safe value is the one left out", () => {
  expect(choose({ tip, accepted })).toMatchObject({ because: "accepted", refused: { revision: tip } });
});

test("forced history is told even while a pin holds", () => {
  expect(choose({ tip, accepted, pin })).toMatchObject({
    because: "pinned",
    revision: pin,
    refused: { revision: tip },
  });
});

test("whatever is offered, only a tip that descends from what was accepted is ever cared for as a tip", () => {
  const maybe = <T>(value: T) => fc.option(fc.constant(value), { nil: undefined });
  const offers = fc.record({
    tip: maybe(tip),
    accepted: maybe(accepted),
    pin: maybe(pin),
    descends: fc.boolean(),
    behind: fc.boolean(),
  });
  fc.assert(
    fc.property(offers, ({ descends, behind, ...given }) => {
      const known = {
        ...(given.tip && { tip: given.tip }),
        ...(given.accepted && { accepted: given.accepted }),
        ...(given.pin && { pin: given.pin }),
      };
      const choice = choose({ ...known, descends, behind });
      const followed = choice.because === "tip";
      expect(followed).toBe(
        given.pin === undefined && given.tip !== undefined && (descends || given.accepted === undefined),
      );
      expect(choice.revision === undefined).toBe(choice.because === "nothing");
    }),
  );
});
