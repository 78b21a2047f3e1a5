// What the alerts go by outlives the daemon, and the loss of its state directory.
import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { startListening } from "../../../reconciler/listening.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import { School } from "../../support/school.ts";
import { outcome } from "../../unit/report/sample.ts";

let school: School;

beforeEach(async () => {
  school = await School.open({ settings: { http: { listen: "127.0.0.1:0" } } });
});

afterEach(() => school.close());

const AT = 1_795_000_000;
const UNDONE: Event = { type: "rolled-back", ok: true, steps: 1, problems: [] };

/** A daemon that hears this; what it exports then. */
async function listening(...events: readonly Event[]): Promise<string> {
  const started = await startListening(await school.ground(), () => ({ busy: false }));
  if (!started.ok) throw new Error(JSON.stringify(started.problems));
  try {
    for (const event of events) started.value.listen(event);
    return await (await fetch(`${started.value.address}/metrics`)).text();
  } finally {
    await started.value.close();
  }
}

test("the last success and the number of roll-backs come back, after a restart and without the state", async () => {
  const ended: Event = {
    type: "run-ended",
    outcome: outcome({ result: "changed", startedAt: AT * 1000, durationMs: 0 }),
  };
  await listening({ type: "run-started", run: "r", trigger: "timer", because: "x", at: AT * 1000 }, UNDONE, ended);
  for (const lose of [false, true]) {
    if (lose) rmSync(school.state, { recursive: true });
    const text = await listening();
    expect(text).toContain(`reconciler_last_success_timestamp_seconds ${AT}\n`);
    expect(text).toMatch(/^reconciler_rollbacks_total\{result="ok",reason="\w+"\} 1$/mu);
  }
});
