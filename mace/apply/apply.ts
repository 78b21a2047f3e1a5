// A rendering in, the same files on the server out: all of them, or none and the reasons. Start reading the touching here.
import { type Problem, type Result, refuse, succeed } from "../../common/problem.ts";
import type { Family, Rendering } from "../model.ts";
import type { Providers } from "../services/all.ts";
import { activate, partOf, serviceOf, type Step, stepsFor } from "./activate.ts";
import { check, type Checked, type Staged } from "./check.ts";
import type { CommandRunner } from "./command.ts";
import { type Comparison, compare } from "./compare.ts";
import { type Destination, locate } from "./destination.ts";
import { codeOf } from "./files.ts";
import { install, type Move, settle, stageAll, uninstall, unstage } from "./install.ts";
import { takeLock } from "./lock.ts";
import { digestOf, keep, readPending, writeManifest, writePending, type Written } from "./memory.ts";

export interface ApplyOptions {
  readonly destination: Destination;
  readonly family: Family;
  readonly providers: Providers;
  readonly run: CommandRunner;
  /** Whether services run here and can be told to use their new files. */
  readonly live: boolean;
  /** Leave the new files in place when services do not start with them (`-R`). */
  readonly withoutFallback: boolean;
  readonly now: Date;
}

export interface Applied {
  readonly comparison: Comparison;
  /** Services that were made to use their new files. */
  readonly activated: readonly string[];
  /** Whether the old files came back. */
  readonly fellBack: boolean;
  readonly notices: readonly Problem[];
  /** Empty when all is well. */
  readonly problems: readonly Problem[];
}

/** Checks, places and activates. Refuses before anything is touched; later trouble is told in `problems`. */
export async function apply(rendering: Rendering, options: ApplyOptions): Promise<Result<Applied>> {
  try {
    const lock = takeLock(options.destination);
    if (!lock.ok) return lock;
    try {
      return await applyLocked(rendering, options);
    } finally {
      lock.value();
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return refuse(notWritable(code, error));
  }
}

async function applyLocked(rendering: Rendering, options: ApplyOptions): Promise<Result<Applied>> {
  const compared = compare(rendering, options.destination);
  if (!compared.ok) return compared;
  const { changes, departures } = compared.value;
  const moves = stageAll(changes, departures);
  const staged = moves.flatMap(({ change, staged: at }) => (change === undefined ? [] : [{ file: change.file, at }]));
  const checked = await checkOrUnstage(staged, moves, options);
  if (checked.problems.length > 0) {
    unstage(moves);
    return refuse(...checked.problems);
  }
  const { steps, pending, left } = whatToActivate(rendering, compared.value, options);
  putInPlace(moves, pending, options);
  const problems = options.live ? await activate(steps, options.run) : [];
  const fellBack = problems.length > 0 && !options.withoutFallback;
  const faults = fellBack ? await fallBack(moves, steps, options) : [];
  settle(moves);
  if (problems.length === 0) writePending(options.destination, []);
  if (!fellBack) remember(rendering, compared.value, options.destination);
  return succeed({
    comparison: compared.value,
    activated: options.live && problems.length === 0 ? steps.map(({ service }) => service) : [],
    fellBack,
    notices: [...checked.notices, ...(options.live ? [] : notActivated(steps)), ...left],
    problems: [...problems, ...faults],
  });
}

/** A surprise while checking leaves nothing behind either. */
async function checkOrUnstage(
  staged: readonly Staged[],
  moves: readonly Move[],
  { run, destination }: ApplyOptions,
): Promise<Checked> {
  try {
    return await check(staged, run, (path) => realPlace(destination, path));
  } catch (error) {
    unstage(moves);
    throw error;
  }
}

function realPlace(destination: Destination, path: string): string {
  const located = locate(destination, path);
  return located.ok ? located.value.file : path;
}

interface ToActivate {
  readonly steps: readonly Step[];
  /** Parts to remember until they have been activated. */
  readonly pending: readonly string[];
  /** Services of which nothing is left: what mace does not configure it does not restart either. */
  readonly left: readonly Problem[];
}

function whatToActivate(rendering: Rendering, comparison: Comparison, options: ApplyOptions): ToActivate {
  const configured = new Set(rendering.files.map(partOf));
  const services = new Set(rendering.files.map(({ service }) => service));
  const gone = comparison.departures.flatMap(({ part }) => part ?? []);
  const touched = [...comparison.changes.map(({ file }) => partOf(file)), ...gone, ...readPending(options.destination)];
  const pending = [...new Set(touched)].filter((part) => services.has(serviceOf(part)));
  const left = new Set(gone.map(serviceOf).filter((service) => !services.has(service)));
  const steps = stepsFor(pending, configured, options.family, options.providers);
  return { steps, pending: options.live && steps.length > 0 ? pending : [], left: [...left].map(noLongerConfigured) };
}

function putInPlace(moves: readonly Move[], pending: readonly string[], { destination, now }: ApplyOptions): void {
  const date = now.toISOString().replace(/[-:]|\.\d+/g, "");
  try {
    for (const { path, change, location } of moves) {
      if (change === undefined || change.byHand) keep(destination, path, location.file, date);
    }
    writePending(destination, pending);
  } catch (error) {
    unstage(moves);
    throw error;
  }
  install(moves);
}

/** Old files back, and services back on them. */
async function fallBack(moves: readonly Move[], steps: readonly Step[], options: ApplyOptions): Promise<Problem[]> {
  uninstall(moves);
  const faults = await activate(steps, options.run);
  if (faults.length === 0) writePending(options.destination, []);
  return faults.map((fault) => ({ ...fault, what: `with its old files as well: ${fault.what}` }));
}

function remember(rendering: Rendering, { manifest, departures }: Comparison, destination: Destination): void {
  const written = rendering.files.map((file): [string, Written] => [
    file.path,
    { digest: digestOf(file.bytes), part: partOf(file) },
  ]);
  const remembered = new Map([...manifest, ...written]);
  for (const { path } of departures) remembered.delete(path);
  writeManifest(destination, remembered);
}

function noLongerConfigured(service: string): Problem {
  const what = "has no sources any more and was not told: it goes on with what it read before, if it runs";
  const hint = "restart or stop it; what was taken away is kept under /var/lib/mace/kept";
  return { code: "no-longer-configured", where: { key: `${service}.d` }, what, hint };
}

function notActivated(steps: readonly Step[]): Problem[] {
  const what = "was not told of its new files: this is not the running system, or it has no systemd";
  return steps.map(({ service }) => ({ code: "not-activated", where: { key: `${service}.d` }, what }));
}

function notWritable(code: string, error: unknown): Problem {
  const path = typeof error === "object" && error !== null && "path" in error ? String(error.path) : undefined;
  const hint = code === "ENOSPC" ? "make room on the disk" : "look at its permissions and at its file system";
  const where = path === undefined ? {} : { where: { file: path } };
  return { code: "not-writable", ...where, what: `could not be written (${code})`, hint };
}
