// What must hold for whatever a fleet says.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { readHost } from "../../../reconciler/desired/select.ts";
import type { DesiredState } from "../../../reconciler/model/desired.ts";
import { textTree } from "./support.ts";

const value = fc.option(fc.constantFrom("one", "two", "three"), { nil: null });
const variables = fc.dictionary(fc.constantFrom("A", "B", "C", "D"), value, { noNullPrototype: true });
const word = fc.constantFrom({ copy: "files/x" }, { link: "/x" }, { directory: true }, { copy: null }, {});
const owner = fc.option(fc.constantFrom("root", "proxy"), { nil: null });
const entry = fc.tuple(word, fc.record({ owner }, { requiredKeys: [] })).map(([one, other]) => ({ ...one, ...other }));
const files = fc.dictionary(fc.constantFrom("/a", "/b"), fc.option(entry, { nil: null }), { noNullPrototype: true });
const layer = fc.record({ env: variables, files });
const layers = fc.array(layer, { minLength: 2, maxLength: 5 });

test("for each variable the nearest file that speaks of it decides", () => {
  fc.assert(
    fc.property(layers, (said) => {
      const { env } = desiredOf(said);
      for (const name of ["A", "B", "C", "D"]) {
        const nearest = said.findLast((one) => Object.hasOwn(one.env, name));
        expect(env.get(name)?.value ?? null).toBe(nearest?.env[name] ?? null);
      }
    }),
  );
});

test("the order in which keys are written changes nothing", () => {
  fc.assert(
    fc.property(layers, (said) => {
      const turned = said.map((one) => ({ files: reversed(one.files), env: reversed(one.env) }));
      expect(withoutPlaces(desiredOf(turned))).toEqual(withoutPlaces(desiredOf(said)));
    }),
  );
});

test("a file that says nothing changes nothing, wherever it stands", () => {
  fc.assert(
    fc.property(layers, fc.nat(), (said, at) => {
      const position = 1 + (at % (said.length - 1));
      const more = said.toSpliced(position, 0, { env: {}, files: {} });
      expect(withoutPlaces(desiredOf(more))).toEqual(withoutPlaces(desiredOf(said)));
    }),
  );
});

test("a file that says the same again changes nothing", () => {
  fc.assert(
    fc.property(layers, (said) => {
      const twice = said.flatMap((one) => [one, one]);
      expect(withoutPlaces(desiredOf(twice))).toEqual(withoutPlaces(desiredOf(said)));
    }),
  );
});

/** The first speaks for the fleet, the last for the school, those between for its groups. */
function desiredOf(said: readonly object[]): DesiredState {
  const groups = said.slice(1, -1).map((_, index) => `g${index}`);
  const desired = readHost(
    textTree({
      "fleet.yaml": JSON.stringify(said[0]),
      "schools/a.yaml": JSON.stringify({ ...said.at(-1), groups }),
      "files/x": "",
      ...Object.fromEntries(groups.map((group, index) => [`groups/${group}.yaml`, JSON.stringify(said[index + 1])])),
    }),
    "a",
  );
  if (!desired.ok) throw new Error(JSON.stringify(desired.problems));
  return desired.value;
}

function withoutPlaces({ env, files }: DesiredState): unknown {
  const wishes = [...files].map(([path, wish]) => [path, { ...wish, where: undefined }]);
  return [[...env].map(([name, placed]) => [name, placed.value]), wishes];
}

function reversed<T>(map: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(map).reverse());
}
