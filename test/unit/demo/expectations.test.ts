// The story has to notice when something does not come out as told.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import * as story from "../../../reconciler/demo/expectations.ts";
import { openSchool, type Ran, type School } from "../../../reconciler/demo/school.ts";
import { gitWith } from "../../../reconciler/trial/repository.ts";
import { trialIn } from "../../../reconciler/trial/trial.ts";

let school: School;

beforeEach(() => {
  const trial = trialIn(mkdtempSync(join(tmpdir(), "school-")));
  mkdirSync(trial.root);
  writeFileSync(join(trial.root, "motd"), "hello\n", { mode: 0o644 });
  school = openSchool(trial, { program: "/nowhere", git: gitWith({}), starts: () => 0 });
});

afterEach(() => rmSync(school.trial.folder, { recursive: true }));

function ran(exitCode: number, outcome: Partial<Ran["outcome"]> = {}): Ran {
  const kind = { version: 1, kind: "outcome", run: "r", trigger: "manual", startedAt: 0, durationMs: 0 } as const;
  const resources = { in_sync: 0, pending: 0, drift: 0, conflict: 0, foreign: 0 };
  const nothing = {
    stageMs: {},
    desired: undefined,
    applied: undefined,
    changes: [],
    held: [],
    health: [],
    problems: [],
  };
  return { exitCode, outcome: { ...kind, ...nothing, resources, result: "changed", settled: true, ...outcome } };
}

describe("a run", () => {
  test("has the result and the exit code that the scene says", () => {
    expect(() => story.expectResult(ran(0), "changed", true)).not.toThrow();
    expect(() => story.expectResult(ran(1, { result: "failed" }), "failed", false)).not.toThrow();
  });

  test.each([
    [ran(0), "unchanged", true],
    [ran(1), "changed", true],
    [ran(0, { result: "failed" }), "failed", false],
  ] as const)("deviates otherwise (%#)", (one, result, settled) => {
    expect(() => story.expectResult(one, result, settled)).toThrow();
  });

  test("deviates with everything that it told", () => {
    const problems = [{ code: "x", where: { file: "fleet.yaml", line: 3 }, what: "is wrong" }];
    expect(() => story.expectResult(ran(1, { result: "failed", problems }), "changed", true)).toThrow("fleet.yaml:3");
  });

  test("deviates when the problem of the scene is missing", () => {
    expect(() => story.expectProblem(ran(1), () => true)).toThrow();
  });
});

describe("a file of the school", () => {
  const digest = createHash("sha256").update("hello\n").digest("hex");

  function made(after: { digest: string; mode: string }): Ran {
    const before = { type: "absent" } as const;
    const state = { type: "regular", size: 6, uid: undefined, gid: undefined, ...after } as const;
    const change = {
      kind: "file",
      name: "/motd",
      before,
      after: state,
      why: "new",
      standing: "pending",
      implied: undefined,
      because: undefined,
      renew: undefined,
      irreversible: undefined,
    } as const;
    return ran(0, { changes: [change] });
  }

  test("is there with the content and the mode that were told", () => {
    expect(() => story.expectAsPlanned(school, made({ digest, mode: "0644" }))).not.toThrow();
  });

  test.each([
    [{ digest: "0".repeat(64), mode: "0644" }, "content"],
    [{ digest, mode: "0600" }, "mode"],
  ])("deviates otherwise (%#)", (after, what) => {
    expect(() => story.expectAsPlanned(school, made(after))).toThrow(what);
  });

  test("may be read, but not touched", () => {
    const before = school.look();
    story.expectNothingTouched(school, before);
    chmodSync(join(school.trial.root, "motd"), 0o600);
    expect(() => story.expectNothingTouched(school, before)).toThrow("/motd");
    expect(() => story.expectNothingDiffers(school, before)).toThrow("/motd");
  });
});
