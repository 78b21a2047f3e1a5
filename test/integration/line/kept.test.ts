// What a run replaces although it was not ours is kept for a while: nobody's edit is lost.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { School } from "../../support/school.ts";

let school: School;

beforeEach(async () => {
  school = await School.open();
});

afterEach(() => school.close());

const WISHES = { "fleet.yaml": JSON.stringify({ files: { "/etc/motd": { copy: "files/motd" } } }) };

async function keptFolder(): Promise<string> {
  return join((await school.ground()).config.state, "kept");
}

test("a file that was here before us, and an edit by hand, can be found again; what we wrote ourselves is not kept", async () => {
  school.put("/etc/motd", "written long ago\n");
  await school.commit({ ...WISHES, "files/motd": "first\n" });
  const takenOver = await school.cycle();
  await school.commit({ ...WISHES, "files/motd": "second\n" });
  await school.cycle();
  school.put("/etc/motd", "an edit by hand\n");
  const restored = await school.cycle();
  const kept = await keptFolder();
  expect(readdirSync(kept).sort()).toEqual([takenOver.run, restored.run].sort());
  expect(readFileSync(join(kept, takenOver.run, "etc/motd"), "utf8")).toBe("written long ago\n");
  expect(readFileSync(join(kept, restored.run, "etc/motd"), "utf8")).toBe("an edit by hand\n");
  expect(statSync(join(kept, restored.run, "etc/motd")).mode & 0o777).toBe(0o600);
});

test("the oldest go when they take more room than they may", async () => {
  school.configure({ limits: { kept_bytes: 40 } });
  await school.commit({ ...WISHES, "files/motd": "wanted\n" });
  await school.cycle();
  const runs: string[] = [];
  for (const edit of ["a", "b", "c"]) {
    school.put("/etc/motd", `${edit.repeat(18)}\n`);
    runs.push((await school.cycle()).run);
  }
  const kept = await keptFolder();
  expect(runs.map((run) => existsSync(join(kept, run)))).toEqual([false, true, true]);
});
