// The fleet has no say in what the reconciler itself stands on.
import { expect, test } from "@jest/globals";
import { parseConfig } from "../../../reconciler/config/read.ts";
import { openMachine } from "../../../reconciler/machine/real.ts";
import { openFiles } from "../../../reconciler/machine/real-files.ts";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import { fileId } from "../../../reconciler/model/state.ts";
import type { Target } from "../../../reconciler/model/target.ts";
import { ownFileProblems } from "../../../reconciler/own-files.ts";

const CONFIG = `host: a
remotes: {fleet: {url: /srv/fleet.git}}
trust: {allowed_signers: /etc/reconciler/allowed_signers}
`;

function problemsFor(...paths: readonly string[]): readonly string[] {
  const config = parseConfig("/etc/reconciler/config.yaml", Buffer.from(CONFIG));
  if (!config.ok) throw new Error(JSON.stringify(config.problems));
  const wanted = new Map(paths.map((path) => [fileId(path), { state: ABSENT, policy: "enforce" }] as const));
  const target: Target = { key: "", wanted, health: [], brake: { maxRemovals: 1, maxShare: 1 } };
  const ground = {
    config: config.value,
    machine: openMachine({ root: "/", state: "/" }),
    state: openFiles("/"),
    copy: openFiles("/"),
  };
  return ownFileProblems(ground, target).map(({ code, where }) => `${code} ${where?.file ?? ""}`);
}

test.each([
  "/etc/reconciler/config.yaml",
  "/etc/reconciler/allowed_signers",
  "/var/lib/reconciler",
  "/var/lib/reconciler/mirror.git/config",
  "/run/reconciler/control.sock",
])("a wish for %s is refused", (path) => {
  expect(problemsFor("/etc/motd", path)).toEqual([`own-file ${path}`]);
});

test("what lies beside is nobody's business but the fleet's", () => {
  expect(problemsFor("/etc/reconciler/notes", "/var/lib/reconciler-notes", "/etc/motd")).toEqual([]);
});
