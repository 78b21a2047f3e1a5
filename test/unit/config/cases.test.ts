// Each case is a config.yaml and, below a line of equals signs, what becomes of it: the settings, or what the person
// is told. UPDATE=1 writes what is below the line anew: read the diff.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { describeProblem } from "../../../common/problem.ts";
import { parseConfig } from "../../../reconciler/config/read.ts";
import { templatesFolder } from "../../../reconciler/package-paths.ts";

const CASES = join(import.meta.dirname, "cases");
const RULE = "==========\n";

for (const file of readdirSync(CASES)) {
  test(file.replace(/\.txt$/u, "").replaceAll("-", " "), () => {
    const [written = "", expected] = readFileSync(join(CASES, file), "utf8").split(RULE);
    const told = tell(written);
    if (process.env["UPDATE"] === "1") writeFileSync(join(CASES, file), written + RULE + told);
    else expect(told).toBe(expected);
  });
}

function tell(written: string): string {
  const config = parseConfig("/etc/reconciler/config.yaml", Buffer.from(written), "Escuela-12.school.example");
  if (!config.ok) return `${config.problems.map(describeProblem).join("\n\n")}\n`;
  return `${JSON.stringify(config.value, undefined, 2).replaceAll(templatesFolder(), "<package>/templates")}\n`;
}
