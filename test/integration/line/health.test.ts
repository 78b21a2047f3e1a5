// Health turns the verdict: a commit that made a required check worse is taken back, and not tried again.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Content } from "../../support/git-forge.ts";
import { PowerSupply } from "../../support/power.ts";
import { School, treeLines, type Snapshot } from "../../support/school.ts";

let school: School;

beforeEach(async () => {
  school = await School.open();
});

afterEach(() => school.close());

const GREETED = { greeted: { file: "/etc/motd", contains: "hello", grace_s: 0 } };

function fleet(motd: string, health: unknown = GREETED, more: Record<string, Content> = {}): Record<string, Content> {
  const files = { "/etc/motd": { copy: "files/motd", mode: "0640" }, "/srv/with/it": { copy: "files/motd" } };
  return { "fleet.yaml": JSON.stringify({ files, health }), "files/motd": motd, ...more };
}

async function settled(files: Record<string, Content>): Promise<void> {
  await school.commit(files);
  expect(await school.cycle()).toMatchObject({ result: "changed", settled: true, problems: [] });
}

/** All that a walk back leaves alone: content, permissions, mtime, inode. */
function exact(snapshot: Snapshot) {
  return Object.entries(snapshot).map(([path, { ctimeMs: _, mtimeMs, ...entry }]) => [
    path,
    { ...entry, mtimeMs: entry.type === "directory" ? 0 : mtimeMs },
  ]);
}

describe("a commit under which a required check fails that passed before", () => {
  test("is taken back exactly, told, quarantined, and not tried again; a later commit heals", async () => {
    await settled(fleet("hello\n"));
    const before = school.snapshot();
    const bad = await school.commit(fleet("goodbye\n"), { message: "Say goodbye" });

    const told = await school.now();
    expect(told.code).toBe(3);
    expect(told.stdout).toContain("greeted");
    expect(exact(school.snapshot())).toEqual(exact(before));

    const again = school.snapshot();
    const outcome = await school.cycle();
    expect(outcome).toMatchObject({
      result: "failed",
      settled: false,
      changes: [],
      problems: [{ code: "quarantined", what: expect.stringContaining(`${bad.slice(0, 12)} (Say goodbye)`) }],
    });
    expect(school.snapshot()).toEqual(again);

    await settled(fleet("hello again\n"));
    expect(await school.now()).toMatchObject({ code: 0, stdout: expect.stringContaining("unchanged") });
  });

  test("is quarantined by what this school reads: a commit for others does not make it be tried again", async () => {
    await settled(fleet("hello\n"));
    await school.commit(fleet("goodbye\n"));
    expect(await school.cycle()).toMatchObject({ result: "rolled_back" });
    await school.commit(fleet("goodbye\n", GREETED, { "schools/escuela-31.yaml": "{}\n" }));
    expect(await school.cycle()).toMatchObject({ result: "failed", problems: [{ code: "quarantined" }] });
  });

  test("while it is refused, drift of the last good one is put right", async () => {
    await settled(fleet("hello\n"));
    await school.commit(fleet("goodbye\n"));
    await school.cycle();
    const before = treeLines(school.snapshot());
    school.put("/srv/with/it", "by hand\n");
    expect(await school.cycle()).toMatchObject({
      result: "failed",
      settled: false,
      changes: [{ id: "file:/srv/with/it" }],
    });
    expect(treeLines(school.snapshot())).toEqual(before);
  });

  test("whenever the power goes on the way, comes to nothing: the tree is the old one", async () => {
    await settled(fleet("hello\n"));
    const before = treeLines(school.snapshot());
    let cuts = 0;
    for (let n = 1, isOn = false; !isOn; n++) {
      // Each time another tree, because the last one is known to be bad.
      await school.commit(fleet(`goodbye ${n}\n`));
      const { config, machine, state, copy } = await school.ground();
      const power = new PowerSupply();
      power.cutAt(n);
      const plugged = {
        config,
        machine: { ...machine, files: power.plug(machine.files) },
        state: power.plug(state),
        copy,
      };
      await school.cycle(plugged);
      isOn = power.isOn;
      if (isOn) continue;
      cuts++;
      // The walk back, and whatever was not yet tried to its end is tried again: it ends the same way.
      const { result } = await school.cycle();
      expect(["rolled_back", "failed"]).toContain(result);
      expect(treeLines(school.snapshot())).toEqual(before);
      expect(await school.cycle()).toMatchObject({ result: "failed", problems: [{ code: "quarantined" }] });
      expect(treeLines(school.snapshot())).toEqual(before);
    }
    console.log(`power was cut at each of ${cuts} steps of a run that is walked back`);
    expect(cuts).toBeGreaterThan(25);
  });
});

describe("is not to blame", () => {
  test("a commit for a check that failed before it", async () => {
    const port = await closedPort();
    const health = { ...GREETED, web: { tcp: `127.0.0.1:${port}`, grace_s: 0 } };
    await school.commit(fleet("hello\n", health));
    expect(await school.cycle()).toMatchObject({ result: "changed", settled: false, problems: [] });
    await school.commit(fleet("hello again\n", health));
    const outcome = await school.cycle();
    expect(outcome).toMatchObject({ result: "changed", settled: false, problems: [] });
    expect(outcome.health).toMatchObject([
      { name: "greeted", ok: true },
      { name: "web", ok: false },
    ]);
    expect(treeLines(school.snapshot()).join("\n")).toContain("hello again");
  });

  test("a commit for a check that is only wanted", async () => {
    const health = { greeted: { ...GREETED.greeted, level: "wanted" } };
    await settled(fleet("hello\n", health));
    await school.commit(fleet("goodbye\n", health));
    const outcome = await school.cycle();
    expect(outcome).toMatchObject({ result: "changed", settled: true, health: [{ name: "greeted", ok: false }] });
    expect(treeLines(school.snapshot()).join("\n")).toContain("goodbye");
  });

  test("a first commit, whose check could not have passed before", async () => {
    await school.commit(fleet("goodbye\n"));
    expect(await school.cycle()).toMatchObject({ result: "changed", settled: false });
  });
});

test("with nothing good yet, what stands is cared for while a broken commit is refused", async () => {
  const health = { never: { file: "/etc/never", grace_s: 0 } };
  await school.commit(fleet("hello\n", health));
  expect(await school.cycle()).toMatchObject({ result: "changed", settled: false });
  const before = treeLines(school.snapshot());
  await school.commit({ "fleet.yaml": "{files: [" });
  school.put("/srv/with/it", "by hand\n");
  expect(await school.cycle()).toMatchObject({ result: "failed", changes: [{ id: "file:/srv/with/it" }] });
  expect(treeLines(school.snapshot())).toEqual(before);
});

/** A port at which nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
