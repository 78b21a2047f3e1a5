import { expect, test } from "@jest/globals";
import { MAX_BYTES } from "../../../reconciler/desired/text.ts";
import { parseYaml } from "../../../reconciler/desired/yaml.ts";
import type { ParsedYaml } from "../../../reconciler/desired/yaml.ts";
import { keysOf, pointer } from "../../../reconciler/desired/pointer.ts";
import { readHost } from "../../../reconciler/desired/select.ts";
import { textTree } from "./support.ts";

test("every key and every item has its place", () => {
  const yaml = parsed("a:\n  /b/c~d:\n    - x\n    - {e: 'y'}\n");
  expect(yaml.place(pointer("a", "/b/c~d"))).toEqual({ file: "f", line: 2, column: 3, key: "a./b/c~d" });
  expect(yaml.place(pointer("a", "/b/c~d", "0"))).toMatchObject({ line: 3, column: 7 });
  expect(yaml.place(pointer("a", "/b/c~d", "1", "e"))).toMatchObject({ line: 4, column: 8 });
});

test("what is missing is placed at what should hold it", () => {
  const place = parsed("a:\n  b: x\n").place(pointer("a", "missing", "deeper"));
  expect(place).toEqual({ file: "f", line: 1, column: 1, key: "a.missing.deeper" });
});

test("a pointer and its keys are each other's inverse", () => {
  for (const keys of [[], [""], ["~", "/", "~1", "~0~1/", "a.b"]]) expect(keysOf(pointer(...keys))).toEqual(keys);
});

test("plain words mean what YAML 1.2 says, and numbers keep their spelling", () => {
  const yaml = parsed("[~, null, true, no, 012, 0o17, 1.50, .inf, 2026-01-01, '1', \"true\", 0x1f, -0, 1_000]\n");
  const values = [null, null, true, "no", 12, 15, 1.5, Infinity, "2026-01-01", "1", "true", 31, -0, "1_000"];
  expect(yaml.value).toEqual(values);
  expect(["4", "5", "6", "9"].map((index) => yaml.written(pointer(index)))).toEqual(["012", "0o17", "1.50", undefined]);
});

test("no key reaches the prototype of anything", () => {
  const { value } = parsed("__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}\n");
  expect(Object.keys(value as object)).toEqual(["__proto__", "constructor"]);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
});

test("a file that is too large is refused before it is parsed", () => {
  const large = parseYaml("f", Buffer.alloc(MAX_BYTES + 1, "#"));
  expect(large).toMatchObject({ ok: false, problems: [{ code: "yaml-too-large" }] });
  const crowded = parseYaml("f", Buffer.from(`[${"a,".repeat(1_000_000)}]`));
  expect(crowded).toMatchObject({ ok: false, problems: [{ code: "yaml-too-large" }] });
});

test("ten thousand files in three megabytes are read", () => {
  const tree = textTree({ "fleet.yaml": "", "files/x": "", "schools/a.yaml": manyFiles("copy: files/x") });
  const desired = readHost(tree, "a");
  expect(desired.ok && desired.value.files.size).toBe(10_000);
});

test("of ten thousand mistakes a hundred are told, and how many more there are", () => {
  const sources = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`files/page-${index}`, ""]));
  const tree = textTree({ "fleet.yaml": "", "schools/a.yaml": manyFiles("copy: files/pagina"), ...sources });
  const desired = readHost(tree, "a");
  expect(desired.ok ? 0 : desired.problems.length).toBe(101);
});

function manyFiles(content: string): string {
  const entry = (_: unknown, index: number): string =>
    `  /srv/library/contents/book-${index}.html: {${content}, mode: "0644", owner: root} # ${"x".repeat(180)}\n`;
  return `files:\n${Array.from({ length: 10_000 }, entry).join("")}`;
}

function parsed(text: string): ParsedYaml {
  const result = parseYaml("f", Buffer.from(text));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}
