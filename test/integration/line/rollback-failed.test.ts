// A walk back that does not work: it stops, says what is in which state, and the next run does nothing else than try again.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { rmSync } from "node:fs";
import { FileError, type Files } from "../../../reconciler/machine/machine.ts";
import type { Ground } from "../../../reconciler/ground.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import { gatherStatus } from "../../../reconciler/status/gather.ts";
import { School } from "../../support/school.ts";

let school: School;

beforeEach(async () => {
  school = await School.open();
  await school.commit(fleet("hello\n"));
  expect(await school.cycle()).toMatchObject({ settled: true });
});

afterEach(() => school.close());

const MOTD = "/etc/motd";
const OTHER = "/srv/other";
const HEALTH = { greeted: { file: MOTD, contains: "hello", grace_s: 0 } };

function fleet(motd: string) {
  const files = { [MOTD]: { copy: "files/motd" }, [OTHER]: { copy: "files/motd" } };
  return { "fleet.yaml": JSON.stringify({ files, health: HEALTH }), "files/motd": motd };
}

/** Once it is broken, no name at MOTD can be changed any more. */
async function breakable(isBroken: () => boolean): Promise<Ground> {
  const { machine, ...rest } = await school.ground();
  const guarded =
    <A extends readonly unknown[], R>(placeOf: (...given: A) => unknown, act: (...given: A) => R) =>
    (...given: A): R => {
      if (isBroken() && placeOf(...given) === MOTD) throw new FileError("EIO", "rename", MOTD);
      return act(...given);
    };
  const files: Files = {
    ...machine.files,
    rename: guarded(
      (_, to) => to,
      (from: string, to: string) => machine.files.rename(from, to),
    ),
    link: guarded(
      (_, to) => to,
      (from: string, to: string) => machine.files.link(from, to),
    ),
    unlink: guarded(
      (path) => path,
      (path: string) => machine.files.unlink(path),
    ),
  };
  return { ...rest, machine: { ...machine, files } };
}

test("is told with what stands where, tried again before anything else, and over when it works", async () => {
  await school.commit(fleet("goodbye\n"));
  let isBroken = false;
  const ground = await breakable(() => isBroken);
  const failed = await school.cycle(ground, {}, ({ type }) => void (isBroken ||= type === "rolling-back"));
  const left = [
    { code: "file-eio" },
    { code: "rollback-incomplete", what: "1 of 2 things are as before, 1 are not" },
    { code: "left-as-new", where: { file: MOTD } },
  ];
  expect(failed).toMatchObject({ result: "rollback_failed", settled: false, problems: left });
  expect(school.snapshot()[OTHER]?.content).toBe("hello\n");

  await school.commit(fleet("hello again\n"));
  const heard: Event[] = [];
  const again = await school.cycle(ground, {}, (event) => heard.push(event));
  expect(again).toMatchObject({ result: "rollback_failed", settled: false, problems: left, stageMs: {} });
  expect(heard.map(({ type }) => type)).toEqual([
    "run-started",
    "recovered",
    ...left.map(() => "problem"),
    "run-ended",
  ]);
  expect(heard[1]).toMatchObject({ kept: false, over: false });

  const { reasons, duty } = await gatherStatus(await school.ground());
  expect(reasons).toMatchObject([{ type: "rollback-failed", problem: { code: "file-eio" }, left: left.slice(2) }]);
  expect(duty.who).toBe("server");

  isBroken = false;
  expect(await school.cycle(ground)).toMatchObject({ result: "changed", settled: true, problems: [] });
  expect(school.snapshot()[MOTD]?.content).toBe("hello again\n");
});

test("tells what is neither as before nor as it was to be", async () => {
  await school.commit(fleet("goodbye\n"));
  let isBroken = false;
  const ground = await breakable(() => isBroken);
  const outcome = await school.cycle(ground, {}, ({ type }) => {
    if (type !== "rolling-back") return;
    isBroken = true;
    rmSync(school.at(MOTD));
  });
  expect(outcome).toMatchObject({ result: "rollback_failed" });
  expect(outcome.problems.map(({ code }) => code)).toContain("left-in-between");
});
