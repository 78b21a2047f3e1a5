import { describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import type { Change } from "../../../reconciler/model/plan.ts";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import type { FileState } from "../../../reconciler/model/file-state.ts";
import { fileId } from "../../../reconciler/model/state.ts";
import { compare, contentChange, MOST_COMPARED_BYTES, withhold } from "../../../reconciler/plan/explain.ts";

function file(bytes: string | Buffer, mode = 0o644): FileState {
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { type: "regular", digest, size: Buffer.byteLength(bytes), mode };
}

function change(before: FileState, after: FileState, path = "/etc/motd"): Change {
  return { id: fileId(path), before, after, why: "changed", standing: "pending" };
}

function shown(old: string | undefined, now: string | undefined, path?: string) {
  const side = (text: string | undefined): FileState => (text === undefined ? ABSENT : file(text));
  const bytes = (text: string | undefined) => (text === undefined ? undefined : Buffer.from(text));
  const difference = compare(change(side(old), side(now), path), bytes(old), bytes(now), 2000);
  if (difference.type !== "shown") throw new Error(difference.why);
  return difference;
}

describe("whether a content may be compared", () => {
  const large: FileState = { type: "regular", digest: "0".repeat(64), size: MOST_COMPARED_BYTES + 1, mode: 0o644 };

  test.each([
    ["two texts", file("a"), file("b"), "readable"],
    ["a new file", ABSENT, file("b"), "readable"],
    ["a file that becomes a link", file("a"), { type: "symlink", target: "b" }, "readable"],
    ["permissions alone", file("a", 0o600), file("a"), undefined],
    ["a directory", ABSENT, { type: "directory" }, undefined],
    ["a link", { type: "symlink", target: "a" }, { type: "symlink", target: "b" }, undefined],
    ["a file that is private now", file("a"), file("b", 0o600), "secret"],
    ["a file that was private", file("a", 0o600), file("b"), "secret"],
    ["a private file that goes", file("a", 0o700), ABSENT, "secret"],
    ["a file of a group", file("a", 0o640), file("b", 0o640), "readable"],
    ["more than 256 KiB before", large, file("b"), "too-large"],
    ["more than 256 KiB after", file("a"), large, "too-large"],
  ] as const)("%s: %#", (_, before, after, expected) => {
    expect(contentChange(change(before, after))).toBe(expected);
  });
});

describe("a difference that is shown", () => {
  test("is a unified diff with three lines around it, and counts the new lines", () => {
    const { diff, added } = shown("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nfive\nfive and a half\n6\n7\n");
    expect(diff).toBe(
      "--- /etc/motd\n+++ /etc/motd\n@@ -2,5 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n+five and a half\n 6\n+7\n",
    );
    expect(added).toEqual([
      { from: 5, to: 6 },
      { from: 8, to: 8 },
    ]);
  });

  test("names nothing where nothing was or will be", () => {
    expect(shown(undefined, "a\n").diff).toContain("--- /dev/null\n+++ /etc/motd\n");
    expect(shown("a\n", undefined)).toMatchObject({ diff: expect.stringContaining("+++ /dev/null\n"), added: [] });
  });

  test("has no character that could steer a terminal, neither in a line nor in a path", () => {
    const { diff } = shown("a\r\n", "\u001b[2Jb \u202e\n", "/etc/\u001b[31m");
    expect(diff).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/u);
    expect(diff).toContain("+\\x1b[2Jb \\u202e\n");
  });

  test("tells a missing newline at the end", () => {
    expect(shown("a", "a\n").diff).toContain("\\ No newline at end of file");
  });
});

describe("a difference that is withheld", () => {
  test.each([
    ["a NUL byte", Buffer.from("a\0b")],
    ["bytes that are not UTF-8", Buffer.from([0x66, 0xe9])],
  ])("%s is not text", (_, bytes) => {
    expect(compare(change(file("a"), file(bytes)), Buffer.from("a"), bytes, 2000)).toMatchObject({ why: "binary" });
  });

  test("two texts that take too long to compare", () => {
    const lines = (seed: number): Buffer =>
      Buffer.from(Array.from({ length: 20_000 }, (_, line) => `${(line * seed) % 9973}\n`).join(""));
    const [before, after] = [lines(7), lines(4999)];
    expect(compare(change(file(before), file(after)), before, after, 1)).toMatchObject({ why: "too-different" });
  });

  test("is told by sizes and short digests", () => {
    const told = withhold(change(file("hunter2", 0o600), ABSENT), "secret");
    const digest = createHash("sha256").update("hunter2").digest("hex").slice(0, 12);
    expect(told).toEqual({ type: "withheld", why: "secret", before: { size: 7, digest } });
  });
});
