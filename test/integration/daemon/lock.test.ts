// A daemon whose run lock cannot be taken: it says so, answers, tries again at the next wish, and can be stopped.
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { askDaemon } from "../../../reconciler/control/client.ts";
import { startDaemon } from "../../../reconciler/daemon.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import { School } from "../../support/school.ts";

let school: School;

afterEach(() => school.close());

const NOW = { version: 1, verb: "now", because: "a test" } as const;

test("a lock that cannot be opened fails one run, not all of them, and not the daemon", async () => {
  school = await School.open({ settings: { http: { listen: "127.0.0.1:0" }, watch: false, interval_s: 3600 } });
  await school.commit({});
  const ground = await school.ground();
  const control = ground.config.control;
  const lock = join(school.state, "lock");
  mkdirSync(lock);
  const heard: Event["type"][] = [];
  const daemon = await startDaemon(ground, { emit: ({ type }) => heard.push(type) });
  if (!daemon.ok) throw new Error(JSON.stringify(daemon.problems));
  try {
    expect(await resultOf(control)).toEqual(["failed", ["file-eisdir"]]);
    expect(heard.filter((type) => type === "problem").length).toBeLessThan(5);
    rmSync(lock, { recursive: true });
    expect(await resultOf(control)).toEqual(["unchanged", []]);
  } finally {
    await daemon.value.stop();
  }
});

async function resultOf(control: string): Promise<unknown> {
  const answer = await askDaemon(control, NOW, () => undefined);
  if (answer?.ok !== true) return answer;
  return [answer.value.result, answer.value.problems.map(({ code }) => code)];
}
