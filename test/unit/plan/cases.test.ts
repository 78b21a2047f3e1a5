// Each file of cases/ says what is wanted, seen and remembered, and the plan as sentences; its name is the test's name.
// What is wanted or remembered and not seen is absent. Everything has mode 0644 (folders 0755) and belongs to root.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { load } from "js-yaml";
import { policyOf } from "../../../reconciler/model/policy.ts";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import type { FileState } from "../../../reconciler/model/file-state.ts";
import { fileId, nameOf, type ResourceId } from "../../../reconciler/model/state.ts";
import type { Policy, Remembered, Seen, Target, Wanted } from "../../../reconciler/model/target.ts";
import { arrange } from "../../../reconciler/plan/arrange.ts";
import { plan } from "../../../reconciler/plan/plan.ts";
import { changeSentence, heldSentence } from "../../../reconciler/report/sentence.ts";
import { stateOf, type Wish } from "../../support/wishes.ts";

type Words = (Wish | { readonly special: true }) & {
  readonly origin?: Remembered["origin"];
  readonly implied?: true;
  readonly names?: readonly string[];
  /** No permissions are wished for. */
  readonly any?: true;
};

interface Case {
  readonly wanted?: Readonly<Record<string, Words>>;
  readonly seen?: Readonly<Record<string, Words>>;
  readonly remembered?: Readonly<Record<string, Words>>;
  readonly policy?: Readonly<Record<string, Policy>>;
  readonly brake?: { readonly max_removals?: number; readonly max_share?: number };
  readonly agreed?: number;
  /** Not looked at. */
  readonly unseen?: readonly string[];
  readonly says?: readonly string[];
  readonly held?: readonly string[];
  readonly problems?: readonly string[];
  readonly standings?: Readonly<Record<string, string>>;
}

const CASES = join(import.meta.dirname, "cases");

describe("the plan", () => {
  test.each(readdirSync(CASES).map((file) => [file.replace(/\.yaml$/u, "").replaceAll("-", " "), file]))(
    "%s",
    (_, file) => {
      const wish = load(readFileSync(join(CASES, file), "utf8")) as Case;
      const planned = planOf(wish);
      const { changes, held, standings } = planned.plan;
      const problems = planned.problems.map(({ code, where, what }) => `${code} ${where?.file ?? ""}: ${what}`);
      expect(problems).toEqual(wish.problems ?? []);
      // A plan that may not be carried out is not told as one.
      if (problems.length === 0) expect(arrange(changes, NOTHING_NEEDED).map(changeSentence)).toEqual(wish.says ?? []);
      expect(held.map(heldSentence)).toEqual(wish.held ?? []);
      const stood = Object.fromEntries(Array.from(standings, ([id, standing]) => [nameOf(id), standing]));
      if (wish.standings !== undefined) expect(stood).toEqual(wish.standings);
    },
  );
});

const NOTHING_NEEDED: Target = {
  key: "",
  wanted: new Map(),
  health: [],
  brake: { maxRemovals: 1, maxShare: 1 },
};

function planOf({ wanted = {}, seen = {}, remembered = {}, policy = {}, brake = {}, agreed, unseen = [] }: Case) {
  const policies = new Map(Object.entries(policy));
  const observed = new Map<ResourceId, Seen>();
  for (const path of [...Object.keys(wanted), ...Object.keys(remembered), ...Object.keys(seen)]) {
    if (!unseen.includes(path)) observed.set(fileId(path), seenOf(seen[path]));
  }
  const target = {
    key: "case",
    wanted: byId(wanted, (words, path): Wanted => ({
      state: stateFrom(words),
      policy: policyOf(path, policies),
      ...implied(words),
    })),
    policies,
    health: [],
    brake: { maxRemovals: brake.max_removals ?? 50, maxShare: brake.max_share ?? 1 },
  };
  const memory = byId(remembered, (words): Remembered => ({
    state: stateFrom(words),
    origin: words.origin ?? "created",
    ...implied(words),
  }));
  return plan({ target, observed, memory, ...(agreed === undefined ? {} : { agreedRemovals: agreed }) });
}

function byId<T>(words: Readonly<Record<string, Words>>, make: (words: Words, path: string) => T): Map<ResourceId, T> {
  return new Map(Object.entries(words).map(([path, each]) => [fileId(path), make(each, path)]));
}

function seenOf(words: Words | undefined): Seen {
  if (words === undefined) return { state: ABSENT };
  return { state: stateFrom(words), ...(words.names === undefined ? {} : { names: words.names }) };
}

function stateFrom(words: Words): FileState {
  if (typeof words === "object" && "special" in words) return { type: "special" };
  const { state } = stateOf(words);
  if (words.implied === true && state.type === "directory") return { type: "directory" };
  if (words.any === true && state.type === "regular")
    return { type: "regular", digest: state.digest, size: state.size };
  return state;
}

function implied(words: Words): { readonly implied?: true } {
  return words.implied === true ? { implied: true } : {};
}
