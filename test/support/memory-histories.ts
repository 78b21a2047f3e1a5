// What may happen to a school, made up at random, as fast-check makes it: revisions, and histories of them with edits by
// hand and power cuts.
import fc from "fast-check";
import { wish as wishFor, type Wish, type Wished, type WishOptions } from "./wishes.ts";

export type Wishes = Readonly<Record<string, Wish>>;

/** One file is always wanted: a revision that empties a server is stopped by the brake. */
export function wish(wishes: Wishes, options: WishOptions = {}): Wished {
  return wishFor({ ...wishes, "/usr/always": "always\n" }, options);
}

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

/** Any kind of thing at any of these paths, but nothing below what is no folder. */
export function wishesAt(paths: readonly string[]): fc.Arbitrary<Wishes> {
  return fc
    .dictionary(fc.constantFrom(...paths), anything, { noNullPrototype: true })
    .map((made) => Object.fromEntries(Object.entries(made).filter(([path]) => !isBelowOther(path, made))));
}

function isBelowOther(path: string, others: Wishes): boolean {
  return Object.entries(others).some(
    ([other, what]) => path.startsWith(`${other}/`) && !(typeof what === "object" && "directory" in what),
  );
}

/** Stay files or folders for ever, so that an edit by hand is never in the way of a revision. */
const STEADY = ["/etc/a", "/srv/x/file", "/srv/x/y/file"];
/** Nobody edits these; they may become anything. */
const WILD = ["/lib/p", "/lib/q", "/lib/p/r", "/lib/s/t"];
const FOREIGN = ["/etc/foreign", "/srv/x/photo.jpg", "/srv/x/y/notes"];

const revision: fc.Arbitrary<Wishes> = fc
  .tuple(fc.dictionary(fc.constantFrom(...STEADY), file, { noNullPrototype: true }), wishesAt(WILD))
  .map(([steady, wild]) => ({ ...steady, ...wild }));

export interface Hand {
  readonly path: string;
  /** More than fits into one sector. */
  readonly long: boolean;
}

export type Happening =
  | { readonly type: "commit"; readonly revision: Wishes }
  /** With somebody at work between the plan and the change. */
  | { readonly type: "run"; readonly meanwhile: Hand | undefined }
  | {
      /** Of a run that follows a new commit. */
      readonly type: "crash";
      readonly revision: Wishes;
      /** The change to the disk at which the power goes. */
      readonly at: number;
      /** The recoveries that follow lose it at these, one after the other. */
      readonly recoveries: readonly number[];
      /** Somebody comes before the last of them. */
      readonly hand: Hand | undefined;
      /** Whether one then comes to its end before anything else happens. */
      readonly recovers: boolean;
      /** What health says to a run of which only the verdict is missing. */
      readonly healthy: boolean;
      readonly chance: number;
    }
  | ({ readonly type: "edit" | "foreign" } & Hand)
  | { readonly type: "remove"; readonly path: string };

const hand = { path: fc.constantFrom(...STEADY), long: fc.boolean() };
const nobodyOrHand = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.record(hand) },
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ type: fc.constant("commit" as const), revision }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("run" as const), meanwhile: nobodyOrHand }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("crash" as const),
      revision,
      at: fc.integer({ min: 1, max: 50 }),
      recoveries: fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 2 }),
      hand: nobodyOrHand,
      recovers: fc.constantFrom(true, true, false),
      healthy: fc.boolean(),
      chance: fc.nat(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("edit" as const), ...hand }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("remove" as const), path: hand.path }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("foreign" as const), ...hand, path: fc.constantFrom(...FOREIGN) }),
  },
);

/** Some happenings, and the revision that git wants at their end. */
export const histories: fc.Arbitrary<{ readonly happenings: readonly Happening[]; readonly last: Wishes }> = fc
  .record({ happenings: fc.array(happening, { minLength: 2, maxLength: 7 }), last: revision })
  .map((made) => ({ ...made, [fc.toStringMethod]: () => story([...made.happenings, commitOf(made.last)]) }));

function commitOf(last: Wishes): Happening {
  return { type: "commit", revision: last };
}

/** One line a happening. */
function story(happenings: readonly Happening[]): string {
  return happenings.map(({ type, ...rest }) => `\n  ${type} ${JSON.stringify(rest)}`).join("");
}
