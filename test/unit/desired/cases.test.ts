// Each folder of cases/ is a fleet. It holds either problems.txt, what the person is told, or desired.json, what the
// host should have. `host` names another host than escuela-12. UPDATE=1 writes the expected files anew: read the diff.
import { readFileSync, readdirSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { describeProblem } from "../../../common/problem.ts";
import { parseFleet } from "../../../reconciler/desired/parse.ts";
import { scope } from "../../../reconciler/desired/paths.ts";
import { readHost, select } from "../../../reconciler/desired/select.ts";
import { folderTree, plain } from "./support.ts";

const CASES = join(import.meta.dirname, "cases");
const EXPECTED = new Set(["host", "problems.txt", "desired.json"]);

for (const name of readdirSync(CASES)) {
  describe(name.replaceAll("-", " "), () => {
    const folder = join(CASES, name);
    const host = existsSync(join(folder, "host")) ? readFileSync(join(folder, "host"), "utf8").trim() : "escuela-12";
    const tree = folderTree(folder, (path) => !EXPECTED.has(path));
    const fleet = parseFleet(tree);
    const desired = fleet.ok ? select(fleet.value, host) : fleet;

    if (!desired.ok) {
      test("tells what is wrong", () => {
        const told = desired.problems.map(describeProblem).join("\n\n") + "\n";
        expect(told).toBe(expected(join(folder, "problems.txt"), told));
        expect(existsSync(join(folder, "desired.json"))).toBe(false);
      });
      return;
    }
    test("wants what was written", () => {
      const wanted = JSON.stringify(plain(desired.value), undefined, 2) + "\n";
      expect(wanted).toBe(expected(join(folder, "desired.json"), wanted));
      expect(existsSync(join(folder, "problems.txt"))).toBe(false);
    });
    test("wants the same when only the files in its scope are read", () => {
      const inScope = scope(host);
      const own = new Map([...tree].filter(([path]) => inScope(path)));
      expect(readHost(own, host)).toEqual(desired);
    });
  });
}

function expected(path: string, now: string): string {
  if (process.env["UPDATE"] === "1") writeFileSync(path, now);
  return readFileSync(path, "utf8");
}
