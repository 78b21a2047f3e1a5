// What joining promises for rules that nobody thought of: nothing is lost, and every line knows where it came from.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { joinTables } from "../../../mace/join/iptables.ts";
import { make } from "../../../mace/make.ts";

const rule = fc.constantFrom(
  "-A INPUT -j ACCEPT",
  "-A FORWARD -i eth1 -j DROP",
  "[1:2] -A SCHOOL -j RETURN",
  "-I OUTPUT 1 -j LOG",
);
const line = fc.oneof(
  rule,
  fc.constantFrom("*filter", "*nat", "*mangle", "COMMIT", "# a comment", "", ":INPUT DROP [0:0]", ":SCHOOL - [0:0]"),
);
const piece = fc.array(line, { maxLength: 12 }).map((lines) => lines.map((text) => `${text}\n`).join(""));
const pieces = fc.array(piece, { minLength: 1, maxLength: 4 });

test("every rule is there once, in its table, in the order of the pieces", () => {
  fc.assert(
    fc.property(pieces, (texts) => {
      expect(rulesByTable(joinTables(texts).map(({ text }) => text))).toEqual(
        texts.map((text) => rulesByTable(text.split("\n"))).reduce(together, {}),
      );
    }),
  );
});

test("each table stands once, with its chains before its rules and one COMMIT at its end", () => {
  fc.assert(
    fc.property(pieces, (texts) => {
      const lines = joinTables(texts).map(({ text }) => text);
      const heads = lines.filter((text) => text.startsWith("*"));
      expect(new Set(heads).size).toBe(heads.length);
      expect(lines.filter((text) => text === "COMMIT")).toHaveLength(heads.length);
      for (const section of lines.join("\n").split("COMMIT").slice(0, -1)) {
        const chains = Array.from(section.matchAll(/^:(\S+)/gm), ([, name]) => name);
        expect(new Set(chains).size).toBe(chains.length);
        const firstRule = section.search(/^(?:\[\d+:\d+\] )?-/m);
        if (firstRule !== -1) expect(section.lastIndexOf("\n:")).toBeLessThan(firstRule);
      }
    }),
  );
});

test("what was joined once stays as it is when it is joined again, but for where comments stand", () => {
  fc.assert(
    fc.property(pieces, (texts) => {
      const once = joinTables(texts).flatMap(({ text }) => (/^(?:#|$)/.test(text) ? [] : [text]));
      expect(joinTables([once.map((text) => `${text}\n`).join("")]).map(({ text }) => text)).toEqual(once);
    }),
  );
});

test("every line that a piece has brought names the source line that it came from", () => {
  fc.assert(
    fc.property(pieces, (texts) => {
      const files = new Map(texts.map((text, at) => [`${at}/iptables.d/10.conf`, Buffer.from(text)]));
      const made = make({ roots: [{ name: "school", files }], env: new Map(), family: "debian" });
      const file = made.ok ? made.value.files[0] : undefined;
      const lines = file?.bytes.toString().split("\n").slice(0, -1) ?? [];
      expect(file?.origins).toHaveLength(lines.length);
      lines.slice(texts.length + 2).forEach((text, at) => {
        const origin = file?.origins[at + texts.length + 2];
        if (origin === undefined) expect(text).toMatch(/^(?:\*filter|COMMIT)$/);
        else expect(files.get(origin.path)?.toString().split("\n")[origin.line - 1]).toBe(text);
      });
    }),
  );
});

/** What iptables-restore would do with the lines, if a rule before any table went into filter. */
function rulesByTable(lines: readonly string[]): Record<string, string[]> {
  const rules: Record<string, string[]> = {};
  let table = "*filter";
  for (const text of lines) {
    if (text.startsWith("*")) table = text;
    else if (text === "COMMIT") table = "*filter";
    else if (/^[-[]/.test(text)) (rules[table] ??= []).push(text);
  }
  return rules;
}

function together(one: Record<string, string[]>, other: Record<string, string[]>): Record<string, string[]> {
  const tables = [...Object.keys(one), ...Object.keys(other)];
  return Object.fromEntries(tables.map((table) => [table, [...(one[table] ?? []), ...(other[table] ?? [])]]));
}
