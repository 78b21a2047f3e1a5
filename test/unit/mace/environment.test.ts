// environment-cases.json: texts of .env files, each with the values or the problems that reading them has to give.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseEnvironment } from "../../../mace/environment.ts";

interface Case {
  readonly title: string;
  readonly text: string;
  readonly values?: Record<string, string>;
  /** `<line>:<column> <code>`, in order. */
  readonly problems?: string[];
}

const CASES: Case[] = JSON.parse(readFileSync(join(import.meta.dirname, "environment-cases.json"), "utf8"));

describe("an .env file with", () => {
  test.each(CASES)("$title", ({ text, values, problems }) => {
    const parsed = parseEnvironment("school.env", Buffer.from(text));
    if (parsed.ok) {
      expect(Object.fromEntries([...parsed.value].map(([name, { value }]) => [name, value]))).toEqual(values);
    } else {
      const places = parsed.problems.map(({ where, code }) => [where?.line, where?.column, code] as const);
      expect(places.map(([line, column, code]) => `${[line, column].filter(Boolean).join(":")} ${code}`)).toEqual(
        problems,
      );
      expect(parsed.problems.every(({ where, what }) => where?.file === "school.env" && what !== "")).toBe(true);
    }
  });
});

test("variables remember the line on which they were set last", () => {
  const parsed = parseEnvironment("school.env", Buffer.from("A=1\n\n# again\nA=2\nB=one\\\ntwo\nC=3\n"));
  const lines = parsed.ok ? [...parsed.value].map(([name, { where }]) => `${name}:${where.line}`) : [];
  expect(lines).toEqual(["A:4", "B:5", "C:7"]);
});

test("a misspelt variable is answered with the nearest known one", () => {
  const parsed = parseEnvironment("school.env", Buffer.from("LAN_ADDRESS=10.0.0.1\nROUTER=$LAN_ADRESS\n"));
  expect(parsed).toMatchObject({ problems: [{ hint: "did you mean $LAN_ADDRESS?" }] });
});

test("a value that doubles itself is stopped before it fills memory", () => {
  const lines = Array.from({ length: 60 }, () => "A=$A$A");
  const parsed = parseEnvironment("school.env", Buffer.from(`A=0123456789\n${lines.join("\n")}\n`));
  expect(parsed).toMatchObject({ ok: false });
  expect(parsed.ok ? "" : parsed.problems[0]?.code).toBe("value-too-long");
});

test("a file that is not text, or too large to be one, is refused", () => {
  const problems = [Buffer.from([0x41, 0x3d, 0xff]), Buffer.alloc(1024 * 1024 + 1, "#")].map((bytes) => {
    const parsed = parseEnvironment("school.env", bytes);
    return parsed.ok ? "" : parsed.problems[0]?.what;
  });
  expect(problems).toEqual(["is not UTF-8 text", "is larger than 1 MiB"]);
});

test("reading goes on for long files in a moment", () => {
  const text = Array.from({ length: 50_000 }, (_, line) => `NAME_${line}=value`).join("\n");
  const start = performance.now();
  const parsed = parseEnvironment("school.env", Buffer.from(text));
  expect(parsed.ok && parsed.value.get("NAME_49999")?.where.line).toBe(50_000);
  expect(performance.now() - start).toBeLessThan(2000);
});
