// What Prometheus' own tool says of our metrics, our alerts and their tests.
import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";
import { chosen, ended, finding, started } from "../../unit/report/sample.ts";
import { createMetrics } from "../../../reconciler/report/metrics.ts";

const FOLDER = "dashboards/prometheus";
const missing = spawnSync("promtool", ["--version"]).error !== undefined;

function promtool(words: string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync("promtool", words, { input, encoding: "utf8", cwd: FOLDER });
  return status === 0 ? "" : `exit code ${status}\n${stdout}${stderr}`;
}

async function metricsText(): Promise<string> {
  const host = { site: "escuela-12", ring: "canary" };
  const metrics = createMetrics({ version: "1.0.0", build: "abc", host, branch: "main", remotes: ["origin"] });
  metrics.listen(started());
  metrics.listen(chosen());
  metrics.listen({
    type: "fetched",
    remote: "origin",
    ok: false,
    at: 1,
    problem: { code: "fetch-timeout", what: "?" },
  });
  metrics.listen(ended({ health: [finding('a "strange" name\n', false)] }));
  return metrics.text();
}

if (missing && process.env["CI"] === undefined) {
  // Said aloud, and as the name of a test that is not done: nobody should believe that this was checked.
  process.stderr.write(
    "\n  promtool is not installed (apt install prometheus): alerts and metrics were NOT checked with it\n\n",
  );
  test.todo("promtool is not installed, so alerts and metrics are not checked with it here");
} else {
  test("promtool finds nothing to say about the metrics", async () => {
    expect(promtool(["check", "metrics"], await metricsText())).toBe("");
  });

  test("promtool can read the alerts", () => {
    expect(promtool(["check", "rules", "alerts.yaml"])).toBe("");
  });

  test.each(["alerts.test.yaml", "alerts-of-days.test.yaml"])(
    "the alerts pass the tests of %s",
    (file) => {
      expect(promtool(["test", "rules", file])).toBe("");
    },
    60_000,
  );
}
