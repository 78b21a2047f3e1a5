// For every step n of a switch: cut the power there, and look. Old or new is there whole, and the way back leads to old.
import { describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import type { Problem } from "../../../../common/problem.ts";
import type { DataEntry } from "../../../../reconciler/model/target.ts";
import { digestOfListing, sizeOfListing } from "../../../../reconciler/resources/data/listing.ts";
import { memoryMachine } from "../../../support/data-machine.ts";
import { DataSchool, type DataWish } from "../../../support/data-school.ts";
import { MemoryFiles, PowerCut, type Chance, type Survival } from "../../../support/memory-files.ts";

type Tree = Readonly<Record<string, string>> | string | undefined;

function wishOf(tree: Tree): { wishes: Record<string, DataWish | undefined>; contents: Map<string, Buffer> } {
  const contents = new Map<string, Buffer>();
  const entryOf = (path: string, text: string): DataEntry => {
    const digest = createHash("sha256").update(text).digest("hex");
    contents.set(digest, Buffer.from(text));
    return { path, type: "regular", mode: 0o644, digest, size: text.length };
  };
  if (tree === undefined) return { wishes: {}, contents };
  const listing =
    typeof tree === "string"
      ? [entryOf("", tree)]
      : [
          { path: "d", type: "directory", mode: 0o755 } as const,
          ...Object.entries(tree).map(([path, text]) => entryOf(path, text)),
        ];
  const supply = { source: { type: "repository", path: "data/x", listing }, keepVersions: 1 } as const;
  const shape = typeof tree === "string" ? ("file" as const) : ("tree" as const);
  const wish: DataWish = { shape, digest: digestOfListing(listing), size: sizeOfListing(listing), supply };
  return { wishes: { "/srv/x": wish }, contents };
}

/** What lies at the place of the item. */
function at(files: MemoryFiles): string {
  const lines = Object.entries(files.snapshot()).filter(([path]) => path === "/srv/x" || path.startsWith("/srv/x/"));
  return JSON.stringify(lines.map(([path, { type, mode, digest }]) => [path, type, mode, digest]));
}

const ONE: Tree = { "d/same": "same", "d/a": "1", "d/gone": "x" };
const TWO: Tree = { "d/same": "same", "d/a": "2", "d/new": "y" };

async function begun(before: Tree): Promise<{ files: MemoryFiles; school: DataSchool; store: MemoryFiles }> {
  const files = new MemoryFiles();
  files.putDirectory("/srv");
  const store = new MemoryFiles();
  const school = new DataSchool(memoryMachine(files, { store }));
  const { wishes, contents } = wishOf(before);
  await school.run(wishes, { contents });
  return { files, school, store };
}

/** A generator of chances that is the same in every run. */
function chances(seed: number): Chance {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

async function cutAt(n: number, before: Tree, after: Tree, verdict: "keep" | "back") {
  const { files, school, store } = await begun(before);
  const old = at(files);
  const { wishes, contents } = wishOf(after);
  files.cutPowerAt(files.mutations + n);
  try {
    await school.run(wishes, { contents, verdict });
    return { over: true as const, files, school, store, old };
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
    return { over: false as const, files, school, store, old };
  }
}

describe.each<[string, Tree, Tree]>([
  ["a tree for nothing", undefined, ONE],
  ["a tree for a tree", ONE, TWO],
  ["nothing for a tree", ONE, undefined],
  ["a file for a file", "one", "two"],
  ["a file for a tree", ONE, "two"],
  ["a tree for a file", "one", TWO],
])("%s", (_, before, after) => {
  test.each<["keep" | "back", Survival]>([
    ["keep", "ordered"],
    ["keep", "reordered"],
    ["back", "ordered"],
    ["back", "reordered"],
  ])("cut anywhere on the way (%s, %s)", async (verdict, survival) => {
    const { files: whole } = await begun(after);
    const fresh = at(whole);
    let cuts = 0;
    for (let n = 1; ; n++) {
      const cut = await cutAt(n, before, after, verdict);
      if (cut.over) break;
      cuts++;
      for (const seed of [1, 2, 3]) {
        const left = cut.files.afterPowerCut(seed === 1 ? undefined : chances(n * 7 + seed), survival);
        const seen = at(left);
        const missing = at(new MemoryFiles());
        expect([cut.old, fresh, missing]).toContain(seen);
        const next = new DataSchool(memoryMachine(left, { store: cut.store.afterPowerCut() }));
        next.memory = cut.school.memory;
        next.steps = cut.school.steps;
        const finish = (): Promise<readonly Problem[]> => (cut.school.kept ? next.letGo() : next.walkBack());
        for (let times = 0; times < 2; times++) {
          expect(await finish()).toEqual([]);
          expect(at(left)).toBe(cut.school.kept ? fresh : cut.old);
        }
        const { wishes, contents } = wishOf(after);
        const again = new DataSchool(memoryMachine(left, { store: cut.store.afterPowerCut() }));
        again.memory = cut.school.memory;
        expect((await again.run(wishes, { contents })).problems).toEqual([]);
        expect(at(left)).toBe(fresh);
      }
    }
    expect(cuts).toBeGreaterThan(3);
  });
});

describe("a way back that is cut itself is gone again", () => {
  test.each<[string, Tree, Tree]>([
    ["a tree for a tree", ONE, TWO],
    ["a file for a file", "one", "two"],
    ["a file for a tree", ONE, "two"],
    ["nothing for a tree", ONE, undefined],
    ["a tree for nothing", undefined, ONE],
  ])("%s", async (_, before, after) => {
    for (let n = 1; ; n++) {
      const { files, school, store } = await begun(before);
      const old = at(files);
      const { wishes, contents } = wishOf(after);
      // The way back begins with the first change after the switch was settled.
      const switched = school.run(wishes, {
        contents,
        verdict: "back",
        beforeVerdict: () => files.cutPowerAt(files.mutations + n),
      });
      const cut = await switched.then(
        () => false,
        (error: unknown) => {
          if (!(error instanceof PowerCut)) throw error;
          return true;
        },
      );
      if (!cut) break;
      const left = files.afterPowerCut(chances(n), "reordered");
      const next = new DataSchool(memoryMachine(left, { store: store.afterPowerCut() }));
      next.steps = school.steps;
      expect(await next.walkBack()).toEqual([]);
      expect(at(left)).toBe(old);
    }
  });
});
