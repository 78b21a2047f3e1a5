// What a run replaced although it was not ours is found again, and put back as it was: a whole school, the real verb.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { dryMachine } from "../../../reconciler/machine/dry.ts";
import { putBack } from "../../../reconciler/restoring.ts";
import { listKept } from "../../../reconciler/state/kept.ts";
import { PowerCut } from "../../support/memory-files.ts";
import { PowerSupply } from "../../support/power.ts";
import { School, untouchedLines } from "../../support/school.ts";
import { ask, misfits } from "./ask.ts";

let school: School;
/** Runs that kept something, oldest first. */
let runs: string[];

const MOTD = "/etc/motd";
const wish = (policy: string) => ({
  "fleet.yaml": JSON.stringify({ files: { [MOTD]: { copy: "files/motd" } }, policy: { [MOTD]: policy } }),
  "files/motd": "wanted\n",
});

beforeEach(async () => {
  school = await School.open();
  school.put(MOTD, "here before\n");
  chmodSync(school.at(MOTD), 0o640);
  await school.commit(wish("enforce"));
  const first = await school.cycle();
  school.put(MOTD, "an edit by hand\n");
  chmodSync(school.at(MOTD), 0o600);
  const second = await school.cycle();
  runs = [first.run, second.run];
});

afterEach(() => school.close());

function restore(...words: readonly string[]) {
  return ask("restore", ...words, "--config", school.configFile);
}

async function json(...words: readonly string[]) {
  const { code, out } = await restore(...words, "--json");
  const value = JSON.parse(out) as Record<string, unknown> & { readonly problems?: readonly { code: string }[] };
  if (value["kind"] !== "problems") expect(misfits("restore", value)).toEqual([]);
  return { code, value, codes: value.problems?.map((problem) => problem.code) };
}

function motd(): readonly [text: string, mode: string] {
  return [readFileSync(school.at(MOTD), "utf8"), (statSync(school.at(MOTD)).mode & 0o7777).toString(8)];
}

describe("it lists", () => {
  test("what is kept of a path, newest first, and touches nothing", async () => {
    const [root, state] = [untouchedLines(school.snapshot()), readdirSync(school.state)];
    const { code, out } = await restore(MOTD);
    expect(code).toBe(0);
    expect(out.indexOf(runs[1] ?? "")).toBeGreaterThan(0);
    expect(out.indexOf(runs[0] ?? "")).toBeGreaterThan(out.indexOf(runs[1] ?? ""));
    expect(out).toMatch(/ 16 bytes {2}0600 .* {2}/u);
    expect([untouchedLines(school.snapshot()), readdirSync(school.state)]).toEqual([root, state]);
  });

  test("everything, by run, without a path; for programs as well", async () => {
    const { out } = await restore();
    for (const run of runs) expect(out).toContain(`${run}\n  `);
    const { code, value } = await json();
    expect([code, value]).toMatchObject([
      0,
      {
        kind: "kept",
        kept: [
          { run: runs[1], size: 16 },
          { run: runs[0], mode: 0o640 },
        ],
      },
    ]);
  });

  test("a path written as this machine has it", async () => {
    expect((await restore(school.at(MOTD))).out).toContain(runs[0]);
  });
});

describe("it puts back", () => {
  test("what was kept last, with its mode; what lay there is kept; and says that git will undo it", async () => {
    const { code, out } = await restore(MOTD, "--newest");
    expect([code, motd()]).toEqual([0, ["an edit by hand\n", "600"]]);
    expect(out).toContain(`${MOTD} is as it was kept by ${runs[1]}`);
    expect(out).toContain("the next run puts that back");
    expect(out).toContain("reconcile suspend");
    const { value } = await json(MOTD);
    expect(value["kept"]).toMatchObject([{ size: 7 }, { run: runs[1] }, { run: runs[0] }]);
    expect(await school.cycle()).toMatchObject({ result: "changed", settled: true });
    expect(motd()[0]).toBe("wanted\n");
  });

  test("what a run kept that is named by its end", async () => {
    const { code, value } = await json(MOTD, "--from", runs[0]?.slice(-4) ?? "");
    expect([code, motd()]).toEqual([0, ["here before\n", "640"]]);
    expect(value).toMatchObject({ kind: "restored", from: runs[0], next: "replaces", instead: expect.any(String) });
  });

  test("once: a second time nothing has to be done or kept", async () => {
    await restore(MOTD, "--newest", "--json");
    const before = untouchedLines(school.snapshot());
    const { code, value } = await json(MOTD, "--from", runs[1] ?? "");
    expect([code, value["instead"]]).toEqual([0, undefined]);
    expect(untouchedLines(school.snapshot())).toEqual(before);
  });

  test.each([
    ["where git only tells", "report", "tells"],
    ["where git leaves it alone", "ignore", "tells"],
  ])("%s, and it stays", async (_, policy, next) => {
    await school.commit(wish(policy));
    await school.cycle();
    expect((await json(MOTD, "--newest")).value["next"]).toBe(next);
    await school.cycle();
    expect(motd()[0]).toBe("an edit by hand\n");
  });

  test("where git says nothing of it any more, and it stays", async () => {
    await school.commit({});
    await school.cycle();
    expect((await json(MOTD, "--newest")).value["next"]).toBe("leaves");
    expect((await school.cycle()).result).toBe("unchanged");
    expect(motd()[0]).toBe("an edit by hand\n");
  });

  test("to where nothing is now", async () => {
    rmSync(school.at(MOTD));
    const { code, value } = await json(MOTD, "--newest");
    expect([code, value["instead"], motd()[0]]).toEqual([0, undefined, "an edit by hand\n"]);
  });

  test("elsewhere, for its maker alone, and never over a file", async () => {
    const to = join(school.forge.directory, "taken-out");
    const { code, value } = await json(MOTD, "--newest", "--to", to);
    expect([code, value["to"], readFileSync(to, "utf8")]).toEqual([0, to, "an edit by hand\n"]);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    expect((await json(MOTD, "--newest", "--to", to)).codes).toEqual(["not-written"]);
    expect(motd()[0]).toBe("wanted\n");
  });
});

describe("it refuses", () => {
  test("words that do not go together, and says what to write", async () => {
    for (const words of [["--newest"], [MOTD, "--to", "/x"], [MOTD, "--newest", "--from", "x"]]) {
      const { code, err } = await restore(...words);
      expect([words, code, err.includes("reconcile restore")]).toEqual([words, 64, true]);
    }
  });

  test("to replace a link or a folder, and to follow a link out of the root", async () => {
    const outside = join(school.forge.directory, "outside");
    mkdirSync(outside);
    const inTheWay: readonly (readonly [place: string, make: (place: string) => unknown, code: string])[] = [
      [MOTD, (place) => symlinkSync(outside, place), "restore-in-the-way"],
      [MOTD, (place) => mkdirSync(place, { mode: 0o755 }), "restore-in-the-way"],
      ["/etc", (place) => symlinkSync("../outside", place), "file-enoent"],
    ];
    for (const [path, make, problem] of inTheWay) {
      rmSync(school.at(path), { recursive: true });
      make(school.at(path));
      const before = untouchedLines(school.snapshot());
      expect(await json(MOTD, "--newest")).toMatchObject({ code: 1, codes: [problem] });
      expect([untouchedLines(school.snapshot()), readdirSync(outside)]).toEqual([before, []]);
    }
  });

  test("what is not kept, and what is no path", async () => {
    expect(await json("/etc/hosts")).toMatchObject({ code: 1, codes: ["nothing-kept"] });
    expect(await json(MOTD, "--from", "19700101")).toMatchObject({ code: 1, codes: ["nothing-kept"] });
    expect(await json("motd")).toMatchObject({ code: 1, codes: ["not-a-path"] });
  });

  test("bytes that are not what was kept", async () => {
    writeFileSync(join(school.state, "kept", runs[1] ?? "", MOTD), "an edit by hanD\n");
    expect(await json(MOTD, "--newest")).toMatchObject({ code: 1, codes: ["kept-damaged"] });
    expect(motd()[0]).toBe("wanted\n");
  });
});

test("a power cut at any step leaves what is there now or what was kept, and the next run cares for it", async () => {
  const real = await school.ground();
  const [kept] = await listKept(real.state);
  const steps = await count();
  expect(steps).toBeGreaterThan(5);
  for (let n = 1; n <= steps; n++) {
    const supply = new PowerSupply();
    supply.cutAt(n);
    await putBack(plugged(supply), kept!).catch((error: unknown) => {
      if (!(error instanceof PowerCut)) throw error;
    });
    expect(["wanted\n", "an edit by hand\n"]).toContain(motd()[0]);
    const { result } = await school.cycle();
    expect(["unchanged", "changed"]).toContain(result);
    expect([motd()[0], readdirSync(school.at("/etc"))]).toEqual(["wanted\n", ["motd"]]);
    expect(existsSync(join(school.state, "journal.log"))).toBe(false);
  }

  function plugged(supply: PowerSupply) {
    const { machine } = real;
    const state = supply.plug(real.state);
    const store = { ...machine.store, files: state };
    return { ...real, state, machine: { ...machine, store, files: supply.plug(machine.files) } };
  }

  async function count(): Promise<number> {
    const supply = new PowerSupply();
    await putBack(plugged(supply), kept!);
    await school.cycle();
    return supply.changes;
  }
});

test("a dry machine is enough to list", async () => {
  const { machine, state } = await school.ground();
  const dry = dryMachine({ ...machine, files: state });
  expect(await listKept(dry.files)).toHaveLength(2);
  expect(dry.swallowed()).toBe(0);
});
