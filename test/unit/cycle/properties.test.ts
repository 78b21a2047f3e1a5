// What holds for any revision and any history, tried with many made up ones. A failure prints its seed and path:
// fc.assert(..., { seed, path }) repeats it.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { HealthCheck } from "../../../reconciler/model/health.ts";
import { satisfies } from "../../../reconciler/model/satisfies.ts";
import { nameOf } from "../../../reconciler/model/state.ts";
import { observe } from "../../../reconciler/observe.ts";
import { arrange } from "../../../reconciler/plan/arrange.ts";
import { plan } from "../../../reconciler/plan/plan.ts";
import { PowerCut, type Survival } from "../../support/memory-files.ts";
import { chanceOf, MemorySchool } from "../../support/memory-school.ts";
import { wish as wishFor, type Wish, type Wished, type WishOptions } from "../../support/wishes.ts";

type Wishes = Readonly<Record<string, Wish>>;

/** One file is always wanted: a revision that empties a server is stopped by the brake. */
function wish(wishes: Wishes, options: WishOptions = {}): Wished {
  return wishFor({ ...wishes, "/usr/always": "always\n" }, options);
}

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
/** RUNS=100 looks a hundred times as long. */
const runs = Number(process.env["RUNS"] ?? 1);
console.log(`seed ${seed} (SEED=${seed} repeats it)`);

const text = fc.constantFrom("one\n", "two\n", "three\n".repeat(300), "");
const permissions = {
  mode: fc.constantFrom(0o600, 0o644, 0o755),
  uid: fc.constantFrom(0, 7),
  gid: fc.constantFrom(0, 9),
};
const file: fc.Arbitrary<Wish> = fc.record({ content: text, ...permissions });
const directory: fc.Arbitrary<Wish> = fc.record({ directory: fc.constant(true as const), ...permissions });
const link: fc.Arbitrary<Wish> = fc.record({ link: fc.constantFrom("a", "/etc/b", "nowhere"), uid: permissions.uid });
const anything = fc.oneof(file, directory, link);

const PATHS = ["/etc/a", "/etc/b", "/etc/c", "/srv/x", "/srv/x/y", "/srv/x/y/z", "/srv/w", "/srv/w/v", "/opt"];

/** Any kind of thing at any of a few paths, but nothing below what is no folder. */
const wishes: fc.Arbitrary<Wishes> = fc
  .dictionary(fc.constantFrom(...PATHS), anything, { noNullPrototype: true })
  .map((made) => Object.fromEntries(Object.entries(made).filter(([path]) => !isBelowOther(path, made))));

function isBelowOther(path: string, others: Wishes): boolean {
  return Object.entries(others).some(
    ([other, what]) => path.startsWith(`${other}/`) && !(typeof what === "object" && "directory" in what),
  );
}

test(
  "applying twice is applying once: the second run makes no change to the disk at all",
  async () => {
    await fc.assert(
      fc.asyncProperty(wishes, wishes, async (first, second) => {
        const school = new MemorySchool();
        await settle(school, wish(first));
        await settle(school, wish(second));
        const [before, mutations] = [school.exactTree(), school.disk.mutations];
        expect(await school.run(wish(second))).toMatchObject({ result: "unchanged", problems: [] });
        expect(school.exactTree()).toEqual(before);
        expect(school.disk.mutations).toBe(mutations);
      }),
      { seed, numRuns: 25 * runs },
    );
  },
  30_000 * runs,
);

const HEALTHY: HealthCheck = {
  name: "marker",
  level: "required",
  probe: { type: "file", path: "/var/marker", contains: "good" },
  timeoutMs: 1000,
  graceMs: 0,
};

test(
  "a change that made health worse is taken back to the byte, the permission, the inode and the time",
  async () => {
    await fc.assert(
      fc.asyncProperty(wishes, wishes, async (first, second) => {
        const school = new MemorySchool();
        school.disk.put("/etc/c.foreign", "of somebody else\n");
        await settle(school, wish({ ...first, "/var/marker": "good\n" }));
        const before = school.exactTree();
        const bad = wish({ ...second, "/var/marker": "bad\n" }, { health: [HEALTHY] });
        expect(await school.run(bad)).toMatchObject({ result: "rolled_back", problems: [] });
        expect(school.exactTree()).toEqual(before);
        expect((await school.disk.read("/var/marker")).toString()).toBe("good\n");
      }),
      { seed, numRuns: 25 * runs },
    );
  },
  30_000 * runs,
);

test(
  "the order in which unrelated files stand in the repository makes no difference",
  async () => {
    const shuffled = wishes.chain((made) =>
      fc.tuple(
        fc.constant(made),
        fc.shuffledSubarray(Object.entries(made), { minLength: Object.keys(made).length }).map(Object.fromEntries),
      ),
    );
    await fc.assert(
      fc.asyncProperty(wishes, shuffled, async (first, [ordered, disordered]) => {
        const one = new MemorySchool();
        await settle(one, wish(first));
        const other = one.afterPowerCut();
        expect(await planOf(other, wish(disordered as Wishes))).toEqual(await planOf(other, wish(ordered)));
        await settle(one, wish(ordered));
        await settle(other, wish(disordered as Wishes));
        expect(other.tree()).toEqual(one.tree());
      }),
      { seed, numRuns: 15 * runs },
    );
  },
  30_000 * runs,
);

/** Stay files or folders for ever, so that an edit by hand is never in the way of a revision. */
const STEADY = ["/etc/a", "/etc/b", "/srv/x/file", "/srv/x/y/file", "/opt/deep/er/file"];
/** Nobody edits these; they may become anything. */
const WILD = ["/lib/p", "/lib/q", "/lib/p/r", "/lib/s/t"];
const FOREIGN = ["/etc/foreign", "/srv/x/photo.jpg", "/opt/deep/notes"];

const revision: fc.Arbitrary<Wishes> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...STEADY), file, { noNullPrototype: true }),
    fc.dictionary(fc.constantFrom(...WILD), anything, { noNullPrototype: true }),
  )
  .map(([steady, wild]) => ({
    ...steady,
    ...Object.fromEntries(Object.entries(wild).filter(([path]) => !isBelowOther(path, wild))),
  }));

type Happening =
  | { readonly type: "commit"; readonly revision: Wishes }
  | { readonly type: "run" }
  | { readonly type: "cut"; readonly at: number; readonly chance: number; readonly survival: Survival }
  | { readonly type: "edit" | "remove" | "foreign"; readonly path: string; readonly content: string };

const survival = fc.constantFrom<Survival>("ordered", "reordered");
const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ type: fc.constant("commit" as const), revision }),
  fc.record({ type: fc.constant("run" as const) }),
  fc.record({ type: fc.constant("cut" as const), at: fc.integer({ min: 1, max: 70 }), chance: fc.nat(), survival }),
  fc.record({
    type: fc.constantFrom("edit" as const, "remove" as const),
    path: fc.constantFrom(...STEADY),
    content: text,
  }),
  fc.record({ type: fc.constant("foreign" as const), path: fc.constantFrom(...FOREIGN), content: text }),
);

test(
  "any history of commits, hands and power cuts ends, after one quiet run, with what git wants",
  async () => {
    const told = { histories: 0, cuts: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 14 }), revision, async (happenings, last) => {
        told.histories++;
        const history = new History();
        for (const each of happenings) await history.happen(each);
        told.cuts += history.cuts;
        await history.happen({ type: "commit", revision: last });
        const { school, foreign, touched } = history;
        const run = await school.run(wish(last));
        expect(run).toMatchObject({ calm: true });
        await expectWanted(school, wish(last));
        for (const [path, content] of foreign) expect((await school.disk.read(path)).toString()).toBe(content);
        const kept = new Set([...foreign.keys(), ...touched, ...Object.keys(last)]);
        expect(filesOf(school).filter((path) => !kept.has(path))).toEqual([]);
        expect(await school.run(wish(last))).toMatchObject({ result: "unchanged", problems: [] });
      }),
      { seed, numRuns: 50 * runs },
    );
    console.log(`${told.histories} histories with ${told.cuts} power cuts`);
  },
  60_000 * runs,
);

/** One server through time. */
class History {
  school = new MemorySchool();
  wanted: Wishes = {};
  cuts = 0;
  readonly foreign = new Map<string, string>();
  /** Paths of ours in which somebody had a hand: they may count as theirs now. */
  readonly touched = new Set<string>();

  async happen(what: Happening): Promise<void> {
    switch (what.type) {
      case "commit":
        this.wanted = what.revision;
        return;
      case "run":
        await this.school.run(wish(this.wanted));
        return;
      case "cut":
        return this.#cut(what.at, what.chance, what.survival);
      case "edit":
        this.touched.add(what.path);
        this.school.disk.put(what.path, what.content);
        return;
      case "remove":
        if (this.school.disk.stat(what.path) !== undefined) this.school.disk.unlink(what.path);
        return;
      case "foreign":
        this.foreign.set(what.path, what.content);
        this.school.disk.put(what.path, what.content);
    }
  }

  async #cut(at: number, chance: number, kind: Survival): Promise<void> {
    // What people did has long been on disk.
    this.school = this.school.afterPowerCut(() => 0.999, "ordered");
    this.school.disk.cutPowerAt(at);
    try {
      await this.school.run(wish(this.wanted));
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      this.cuts++;
    }
    this.school = this.school.afterPowerCut(chanceOf(chance), kind);
  }
}

async function settle(school: MemorySchool, wished: Wished): Promise<void> {
  expect(await school.run(wished)).toMatchObject({ calm: true, problems: [] });
}

async function planOf(school: MemorySchool, { target }: Wished) {
  const memory = await school.memory();
  const { observed } = await observe(school.ground.machine, target, memory);
  const { changes, held } = plan({ target, observed, memory }).plan;
  return { changes: arrange(changes, target), held };
}

async function expectWanted(school: MemorySchool, { target }: Wished): Promise<void> {
  const { observed } = await observe(school.ground.machine, target, new Map());
  for (const [id, { state }] of target.wanted) {
    const seen = observed.get(id)?.state ?? { type: "absent" };
    expect(satisfies(seen, state) ? "as wanted" : [nameOf(id), seen, state]).toBe("as wanted");
  }
}

/** Everything but folders. */
function filesOf({ disk }: MemorySchool): string[] {
  const managed = Object.entries(disk.snapshot()).filter(
    ([path, { type }]) => type !== "directory" && !/^\/(?:var|usr)\//u.test(path),
  );
  return managed.map(([path]) => path).filter((path) => disk.stat(path) !== undefined && path !== "/");
}
