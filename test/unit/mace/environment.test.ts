import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Result } from "../../../common/problem.ts";
import { parseEnvironment } from "../../../mace/environment.ts";
import type { Variable } from "../../../mace/model.ts";
import { CASES } from "./environment-cases.ts";

function problemsIn(parsed: Result<Map<string, Variable>>): string[] {
  const problems = parsed.ok ? [] : parsed.problems;
  return problems.map(({ where, code }) => `${where?.line}:${where?.column} ${code}`);
}

describe("an .env file with", () => {
  test.each(CASES)("$title", ({ bytes, values, problems = [] }) => {
    const parsed = parseEnvironment("school.env", bytes);
    expect(problemsIn(parsed)).toEqual(problems);
    if (parsed.ok) {
      expect(Object.fromEntries([...parsed.value].map(([name, { value }]) => [name, value]))).toEqual(values);
    } else expect(parsed.problems.every(({ where, what }) => where?.file === "school.env" && what !== "")).toBe(true);
  });
});

test("more than a hundred hostile files are refused, and none of them is executed", () => {
  const [folder, before] = [mkdtempSync(join(tmpdir(), "mace-hostile-")), process.cwd()];
  process.chdir(folder);
  try {
    const hostile = CASES.filter(({ values }) => values === undefined);
    const refused = hostile.filter(({ bytes }) => !parseEnvironment("school.env", bytes).ok);
    expect(refused.length).toBeGreaterThan(100);
    expect(refused).toEqual(hostile);
    expect(readdirSync(folder)).toEqual([]);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
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

test("a long file is read to its end", () => {
  const text = Array.from({ length: 50_000 }, (_, line) => `NAME_${line}=value`).join("\n");
  const parsed = parseEnvironment("school.env", Buffer.from(text));
  expect(parsed.ok && parsed.value.get("NAME_49999")?.where.line).toBe(50_000);
});
