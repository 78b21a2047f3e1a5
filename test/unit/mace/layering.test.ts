// What the three rules of layering promise, for trees that nobody thought of.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { make } from "../../../mace/make.ts";
import type { Rendering, Root } from "../../../mace/model.ts";

type Tree = ReadonlyMap<string, string>;

const component = fc.constantFrom("0100.base", "0200.names", "0300.proxy", "0300.proxy/inner");
const target = fc.constantFrom("sysctl.d", "squid.d", "cron.d", "files.d/etc/motd", "files.d/etc/hosts.d/local");
const piece = fc.constantFrom("10.conf", "20.conf", "30-more.conf", "9.conf");
const path = fc.tuple(component, target, piece).map((parts) => parts.join("/"));
const text = fc.stringMatching(/^[a-z]{1,8}$/).map((word) => `${word}\n`);
const tree: fc.Arbitrary<Tree> = fc.array(fc.tuple(path, text), { maxLength: 12 }).map((entries) => new Map(entries));

function rendered(...trees: readonly Tree[]): Rendering {
  const roots = trees.map((files, rank): Root => {
    const bytes = [...files].map(([name, content]): [string, Buffer] => [name, Buffer.from(content)]);
    return { name: `root${rank}`, files: new Map(bytes) };
  });
  const result = make({ roots, env: new Map(), family: "debian" });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** Final texts without the header, which names the roots. */
function texts({ files }: Rendering): Record<string, string> {
  return Object.fromEntries(
    files.map(({ path: final, bytes, origins }) => {
      const header = origins.findIndex((origin) => origin !== undefined);
      return [final, bytes.toString().split("\n").slice(header).join("\n")];
    }),
  );
}

describe("the laws of layering", () => {
  test("to supplement is to unite: disjoint roots render like one root with all their files", () => {
    fc.assert(
      fc.property(tree, tree, (first, second) => {
        const disjoint = new Map([...second].filter(([name]) => !first.has(name)));
        expect(texts(rendered(first, disjoint))).toEqual(texts(rendered(new Map([...first, ...disjoint]))));
      }),
    );
  });

  test("to override is to win by coming last: layers render like one root in which later files replaced earlier ones", () => {
    fc.assert(
      fc.property(tree, tree, tree, (first, second, third) => {
        const merged = new Map([...first, ...second, ...third]);
        expect(texts(rendered(first, second, third))).toEqual(texts(rendered(merged)));
      }),
    );
  });

  test("to hide is to remove exactly what earlier roots contributed below that name", () => {
    fc.assert(
      fc.property(tree, tree, path, fc.nat(3), (first, later, somewhere, depth) => {
        const hidden =
          somewhere
            .split("/")
            .slice(0, -1 - depth)
            .join("/") || "0300.proxy";
        const isBelow = (name: string): boolean => name.startsWith(`${hidden}/`);
        const kept = new Map([...first].filter(([name]) => !isBelow(name)));
        const beside = new Map([...later].filter(([name]) => !isBelow(name) && name !== hidden));
        const hiding = rendered(first, new Map([...beside, [hidden, ""]]));
        expect(texts(hiding)).toEqual(texts(rendered(kept, beside)));
        const fates = hiding.pieces.filter(({ fate }) => fate === "hidden").map((gone) => gone.path);
        expect(fates.sort()).toEqual([...first.keys()].filter(isBelow).sort());
      }),
    );
  });

  test("what was hidden and is added again counts, and nothing else of the earlier root does", () => {
    fc.assert(
      fc.property(tree, tree, (first, again) => {
        const below = (files: Tree): Tree => new Map([...files].filter(([name]) => name.startsWith("0300.proxy/")));
        const kept = new Map([...first].filter(([name]) => !name.startsWith("0300.proxy/")));
        const result = rendered(first, new Map([["0300.proxy", ""]]), below(again));
        expect(texts(result)).toEqual(texts(rendered(kept, below(again))));
      }),
    );
  });

  test("the order in which a root's files are listed does not matter", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(path, text), { selector: ([name]) => name }), fc.nat(), (entries, turn) => {
        const turned = [...entries.slice(turn % 7), ...entries.slice(0, turn % 7)].reverse();
        expect(rendered(new Map(turned)).files.map(({ bytes }) => bytes.toString())).toEqual(
          rendered(new Map(entries)).files.map(({ bytes }) => bytes.toString()),
        );
      }),
    );
  });

  test("pieces of one service do not move when another service gets more", () => {
    fc.assert(
      fc.property(tree, tree, (first, more) => {
        const others = new Map([...more].filter(([name]) => name.includes("/cron.d/")));
        const without = texts(rendered(first));
        const withMore = texts(rendered(first, others));
        delete without["/etc/cron.d/school"];
        delete withMore["/etc/cron.d/school"];
        expect(withMore).toEqual(without);
      }),
    );
  });

  test("renaming a directory within its place in the order changes provenance and nothing else", () => {
    fc.assert(
      fc.property(tree, (files) => {
        const renamed = new Map(
          [...files].map(([name, content]) => [name.replace(/^0200\.names/, "0210.called"), content]),
        );
        expect(texts(rendered(renamed))).toEqual(texts(rendered(files)));
        const sources = rendered(renamed).pieces.map((one) => one.path.replace(/^0210\.called/, "0200.names"));
        expect(sources).toEqual(rendered(files).pieces.map((one) => one.path));
      }),
    );
  });

  test("every line of every file knows the source line that it came from", () => {
    fc.assert(
      fc.property(tree, tree, (first, second) => {
        const trees = new Map([
          ["root0", first],
          ["root1", second],
        ]);
        for (const { bytes, origins } of rendered(first, second).files) {
          bytes
            .toString()
            .split("\n")
            .slice(0, -1)
            .forEach((line, at) => {
              const origin = origins[at];
              if (origin === undefined) expect(line === "" || line.startsWith("#")).toBe(true);
              else expect(trees.get(origin.root)?.get(origin.path)?.split("\n")[origin.line - 1]).toBe(line);
            });
        }
      }),
    );
  });

  test("every file that took part in an overlay has one fate, and what is gone says who did it", () => {
    fc.assert(
      fc.property(tree, tree, (first, second) => {
        const { pieces } = rendered(first, second);
        expect(pieces).toHaveLength(first.size + second.size);
        for (const one of pieces) expect(one.fate === "used").toBe(one.by === undefined);
      }),
    );
  });
});

test("ten thousand pieces become the files they name", () => {
  const files = new Map<string, Buffer>();
  for (let at = 0; at < 10_000; at++) {
    files.set(`0100.base/files.d/etc/school/${at % 2500}/${at}.conf`, Buffer.from(`name @NAME@\nplain\n${at}\n`));
  }
  const env = new Map([["NAME", { value: "school", where: {} }]]);
  const result = make({ roots: [{ name: "one", files }], env, family: "debian" });
  expect(result.ok && result.value.files.length).toBe(2500);
});
