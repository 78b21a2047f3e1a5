// An outcome with thousands of changes arrives whole at whoever asked for the run.
import { expect, test } from "@jest/globals";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askDaemon } from "../../../reconciler/control/client.ts";
import { CONTROL_VERSION } from "../../../reconciler/control/protocol.ts";
import { startControl } from "../../../reconciler/control/server.ts";
import type { Change } from "../../../reconciler/model/plan.ts";
import type { Outcome } from "../../../reconciler/model/outcome.ts";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import { fileId } from "../../../reconciler/model/state.ts";

test("an outcome of several megabytes is not cut off", async () => {
  const folder = mkdtempSync(join(tmpdir(), "control-"));
  const changes = Array.from({ length: 20_000 }, (_, at): Change => {
    const after = { type: "regular", digest: "0".repeat(64), size: at, mode: 0o644 } as const;
    return { id: fileId(`/srv/page-${at}`), before: ABSENT, after, why: "new", standing: "pending" };
  });
  const outcome = { run: "r", result: "changed", settled: true, changes } as unknown as Outcome;
  const path = join(folder, "control.sock");
  const server = await startControl(
    path,
    () => Promise.resolve(outcome),
    () => ({ busy: false }),
  );
  if (!server.ok) throw new Error(JSON.stringify(server.problems));
  try {
    const answer = await askDaemon(path, { version: CONTROL_VERSION, verb: "now", because: "a test" }, () => undefined);
    expect(answer).toEqual({ ok: true, value: outcome });
  } finally {
    await server.value.close();
    rmSync(folder, { recursive: true });
  }
});
