import { describe, expect, test } from "@jest/globals";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import { change, held, text } from "./sample.ts";
import { changeSentence, heldSentence } from "../../../reconciler/report/sentence.ts";
import type { Change, Held } from "../../../reconciler/model/plan.ts";

const folder = { type: "directory" } as const;
const link = { type: "symlink", target: "/srv/new" } as const;

const CHANGES: [sentence: string, change: Partial<Change>][] = [
  ["write /x: new", {}],
  ["make directory /x: new", { after: folder }],
  ["link /x to /srv/new: new", { after: link }],
  ["make directory /x: something is to lie in it", { after: folder, implied: true }],
  ["write /x: git changed it", { why: "changed" }],
  [
    "write /x: git changed it, and it was removed on this server since we wrote it",
    { why: "changed", standing: "conflict" },
  ],
  ["restore /x: removed on this server since we wrote it", { why: "drifted", standing: "drift" }],
  ["replace /x: git changed it", { before: text("b"), why: "changed" }],
  ["replace /x by a link to /srv/new: git changed it", { before: text("b"), after: link, why: "changed" }],
  [
    "replace /x: git changed it, and it was changed on this server since we wrote it",
    { before: text("b"), why: "changed", standing: "conflict" },
  ],
  ["restore /x: changed on this server since we wrote it", { before: text("b"), why: "drifted", standing: "drift" }],
  [
    "take over /x: it was here before us; from now on git says what is in it",
    { before: text("b"), standing: "foreign" },
  ],
  ["remove /x: no longer in git", { before: text("b"), after: ABSENT, why: "retired" }],
  ["remove /x: git wants it gone", { before: text("b"), after: ABSENT, why: "changed" }],
  [
    "remove /x: it was here before us, and git wants it gone",
    { before: text("b"), after: ABSENT, standing: "foreign" },
  ],
  [
    "remove /x: it came back on this server since we removed it",
    { before: text("b"), after: ABSENT, why: "drifted", standing: "drift" },
  ],
  [
    "set mode of /x to 0644: git changed it",
    { before: text("a", { mode: 0o600 }), after: text("a", { mode: 0o644 }), why: "changed" },
  ],
  [
    "set owner of /x to 0:10: changed on this server since we wrote it",
    { before: text("a", { uid: 7, gid: 10 }), after: text("a", { uid: 0 }), why: "drifted" },
  ],
  [
    "set mode of /x to 4755 and owner to 1:2: it was here before us",
    { before: text("a", { mode: 0o600, uid: 0, gid: 0 }), after: text("a", { mode: 0o4755, uid: 1, gid: 2 }) },
  ],
];

describe("a change is told as", () => {
  test.each(CHANGES)("%s", (sentence, more) => {
    expect(changeSentence(change("/x", more))).toBe(sentence);
  });

  test("one line, whatever is in its path", () => {
    expect(changeSentence(change("/x\u001b[2J\n"))).toBe("write /x\\x1b[2J\\x0a: new");
  });
});

const HELD: [sentence: string, held: Partial<Held>][] = [
  ["leave /x as it is: changed on this server since we wrote it (policy report)", {}],
  ["leave /x as it is: it was here before us (policy ignore)", { standing: "foreign", policy: "ignore" }],
];

describe("a difference that is left alone is told as", () => {
  test.each(HELD)("%s", (sentence, more) => {
    expect(heldSentence(held("/x", more))).toBe(sentence);
  });
});
