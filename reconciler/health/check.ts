// The fleet's health checks in, a finding for each out: what answers on this server, and in a few words what does not.
import { setTimeout as pause } from "node:timers/promises";
import { INTERRUPTED, withDeadline } from "./deadline.ts";
import { createGate } from "./gate.ts";
import { probeDns } from "./probes/dns.ts";
import { probeExec } from "./probes/exec.ts";
import { probeFile } from "./probes/file.ts";
import { probeGateway } from "./probes/gateway.ts";
import { probeHttp } from "./probes/http.ts";
import { probeListens } from "./probes/listens.ts";
import { probeName } from "./probes/name.ts";
import { probeRemote } from "./probes/remote.ts";
import { probeTcp } from "./probes/tcp.ts";
import type { Emit } from "../model/event.ts";
import type { Gate } from "./gate.ts";
import type { HealthCheck, HealthFinding, HealthReport } from "../model/health.ts";
import type { FileReader, MachineReader, Reached } from "../machine/machine.ts";

/** What checking needs of the machine; the network is asked directly. */
export interface HealthLook extends Pick<MachineReader, "clock" | "query"> {
  readonly files: Pick<FileReader, "stat" | "read" | "list" | "readLink">;
}

const AT_ONCE = 8;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;

/**
 * One finding for each check, in the order of the checks; each is also emitted as soon as it is known.
 * `before` tries each check once. `after` tries a failing check again until it passes or its grace is over, counted from
 * the call; one that has to pass again later is failing until it did. The signal ends every wait; checks that had no answer by then are not ok. Never throws.
 */
export async function checkHealth(
  checks: readonly HealthCheck[],
  look: HealthLook,
  when: "before" | "after",
  emit: Emit,
  signal?: AbortSignal,
): Promise<HealthReport> {
  const attempt = createAttempt(look, createGate(AT_ONCE), signal);
  const deadline = (check: HealthCheck) => look.clock.monotonicMs() + (when === "after" ? check.graceMs : 0);
  return Promise.all(
    checks.map(async (check) => {
      const twice = when === "after" && check.againMs !== undefined;
      const reached = await (twice ? tryTwice : tryUntil)(deadline(check), check, attempt, look, signal);
      const finding = toFinding(check, reached);
      emit({ type: "health", when, finding });
      return finding;
    }),
  );
}

/** One attempt of one check; at most as many at once as the gate lets through. */
type AttemptCheck = (check: HealthCheck) => Promise<Reached>;

function createAttempt(look: HealthLook, gate: Gate, signal: AbortSignal | undefined): AttemptCheck {
  return (check) => gate(() => withDeadline(check.timeoutMs, signal, (limit) => probe(check, look, limit)));
}

/** What cuts a server off may take its time: an address is given back, a lease runs out, a service ends after its start. */
async function tryTwice(...[deadlineMs, check, attempt, look, signal]: Parameters<typeof tryUntil>): Promise<Reached> {
  for (;;) {
    const first = await tryUntil(deadlineMs, check, attempt, look, signal);
    if (!first.ok) return first;
    await wait(check.againMs ?? 0, signal);
    const second = await attempt(check);
    if (second === INTERRUPTED) return first;
    if (second.ok || look.clock.monotonicMs() >= deadlineMs) return second;
  }
}

/** Pauses outside of the gate, so that a slow starter does not keep other checks waiting. */
async function tryUntil(
  deadlineMs: number,
  check: HealthCheck,
  attempt: AttemptCheck,
  look: HealthLook,
  signal: AbortSignal | undefined,
): Promise<Reached> {
  let reached = await attempt(check);
  for (let pauseMs = FIRST_PAUSE_MS; !reached.ok; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const leftMs = deadlineMs - look.clock.monotonicMs();
    // Timers know whole milliseconds and may be early by a part of one: that is no reason for one attempt more.
    if (leftMs < 1 || signal?.aborted === true) break;
    await wait(Math.min(pauseMs, leftMs), signal);
    const next = await attempt(check);
    // What the last real attempt found says more than that the wait was ended.
    if (next !== INTERRUPTED) reached = next;
  }
  return reached;
}

async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await pause(Math.ceil(ms), undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
}

function probe(check: HealthCheck, look: HealthLook, signal: AbortSignal): Promise<Reached> {
  switch (check.probe.type) {
    case "file":
      return probeFile(check.probe, look.files);
    case "http":
      return probeHttp(check.probe, signal);
    case "tcp":
      return probeTcp(check.probe, signal);
    case "dns":
      return probeDns(check.probe, signal);
    case "exec":
      return probeExec(check.probe, look, check.timeoutMs);
    case "remote":
      return probeRemote(check.probe, signal);
    case "name":
      return probeName(check.probe);
    case "gateway":
      return probeGateway(check.probe, look, signal);
    case "listens":
      return probeListens(check.probe, look.files, signal);
  }
}

function toFinding(check: HealthCheck, reached: Reached): HealthFinding {
  return { name: check.name, level: check.level, ok: reached.ok, detail: reached.ok ? "" : reached.detail };
}
