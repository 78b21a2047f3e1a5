import { expect, test } from "@jest/globals";
import { expand, expandTemplate } from "../../../mace/expand.ts";
import type { Environment } from "../../../mace/model.ts";

const env: Environment = new Map(
  Object.entries({ LAN: "eth1", SCHOOL: "Ñandú $& 学校", EMPTY: "", LIST: "a\nb", AT: "@LAN@" }).map(
    ([name, value]) => [name, { value, where: { file: "school.env" } }],
  ),
);

function expanded(text: string): string | undefined {
  const result = expand(text, env, "10.conf");
  return result.ok ? result.value.text : undefined;
}

test.each([
  ["nothing to do", "nothing to do"],
  ["@LAN@", "eth1"],
  ["@LAN@@LAN@", "eth1eth1"],
  ["on @LAN@ at @SCHOOL@.", "on eth1 at Ñandú $& 学校."],
  ["<@EMPTY@>", "<>"],
  ["@@LAN@@", "@LAN@"],
  ["@@@LAN@", "@eth1"],
  ["a@b.c and @ IN SOA", "a@b.c and @ IN SOA"],
  ["@LAN and LAN@", "@LAN and LAN@"],
  ["@LAN-1@", "@LAN-1@"],
  ["@AT@", "@LAN@"],
  ["@", "@"],
  ["", ""],
])("%j becomes %j", (text, becomes) => {
  expect(expanded(text)).toBe(becomes);
});

test("variables are told line by line, also for lines that have none", () => {
  const result = expand("@LAN@ @SCHOOL@\n\nplain @@\n@LAN@", env, "10.conf");
  expect(result).toMatchObject({ value: { variablesPerLine: [["LAN", "SCHOOL"], [], [], ["LAN"]] } });
});

test("every undefined variable is told with line, column and the nearest name", () => {
  const result = expand("ñ @LAM@\n  @UNHEARD_OF@ @LAN@\n", env, "10.conf");
  expect(result.ok ? [] : result.problems).toEqual([
    {
      code: "undefined-variable",
      where: { file: "10.conf", line: 1, column: 3 },
      what: "@LAM@ is not defined",
      hint: "did you mean @LAN@? Or write @@LAM@@ if the text is meant as it stands",
    },
    {
      code: "undefined-variable",
      where: { file: "10.conf", line: 2, column: 3 },
      what: "@UNHEARD_OF@ is not defined",
      hint: "set UNHEARD_OF in an .env file, or write @@UNHEARD_OF@@ if the text is meant as it stands",
    },
  ]);
});

test("a value with a line end cannot slip a directive of its own into a file", () => {
  expect(expand("allow @LIST@\n", env, "10.conf")).toMatchObject({ problems: [{ code: "unprintable-value" }] });
});

test("names that the hint may suggest can be given", () => {
  const result = expand("@DOMIAN@", new Map(), "10.conf", ["DOMAIN"]);
  expect(result).toMatchObject({ problems: [{ hint: expect.stringContaining("@DOMAIN@") }] });
});

test("bytes that are not UTF-8 pass unharmed around a value", () => {
  const result = expandTemplate(Buffer.from([0xe9, 0x40, 0x4c, 0x41, 0x4e, 0x40, 0xff]), env, "10.conf");
  expect(result.ok && result.value.bytes).toEqual(
    Buffer.concat([Buffer.from([0xe9]), Buffer.from("eth1"), Buffer.from([0xff])]),
  );
});

test("a file with a NUL byte is left as it is", () => {
  const bytes = Buffer.from("\u0000@LAN@ @NOT_SET@\n");
  expect(expandTemplate(bytes, env, "logo.png")).toEqual({ ok: true, value: { bytes, variables: [[]] } });
});
