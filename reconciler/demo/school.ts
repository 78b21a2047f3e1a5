// A trial and the reconciler's program in; what the people of a story do there, and what they see, out.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { runCommand } from "../machine/command.ts";
import { describeProblem } from "../../common/problem.ts";
import type { OutcomeJson } from "../report/outcome-json.ts";
import { commitAll, type Git } from "../trial/repository.ts";
import type { Trial } from "../trial/trial.ts";
import { Deviation } from "./deviation.ts";
import { offerPackages, publishDictionary } from "./packages.ts";
import { seePage } from "./page.ts";
import type { Starts } from "./services.ts";
import { contents, traces, type Footprint } from "./footprint.ts";

export interface Ran {
  readonly exitCode: number | undefined;
  readonly outcome: OutcomeJson;
}

/** How the school looked before something happened there. */
export interface Before {
  readonly traces: Footprint;
  readonly contents: Footprint;
}

export interface School {
  readonly trial: Trial;
  look(): Before;
  /** `reconcile --now`, as a person or a timer starts it. */
  reconcile(): Promise<Ran>;
  /** Writes these files of the fleet (or removes those without text), commits and pushes. */
  commit(message: string, files: Readonly<Record<string, string | undefined>>): Promise<void>;
  /** A file of the fleet as its editor sees it. */
  fleetText(path: string): Promise<string>;
  /** A file of the school. */
  text(path: string): Promise<string>;
  /** Somebody with root's password and no patience. */
  overwrite(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** A page of the web server for the lessons, as soon as it has these words. */
  page(path: string, words: string): Promise<void>;
  /** How often a service was started since the story began. */
  starts(service: string): number;
  /** From now on dpkg looks after the packages of this school, and there is a repository. */
  offerPackages(): Promise<void>;
  /** The makers of the dictionary have a new version. */
  publish(version: string): Promise<void>;
  /** Name and version of everything that dpkg has installed, sorted. */
  installed(): Promise<readonly string[]>;
}

/** What is told to whom a story is played for. */
export interface Stage {
  readonly program: string;
  readonly git: Git;
  readonly starts: Starts["starts"];
}

const RUN_TIMEOUT_MS = 60_000;
const OUTPUT_LIMIT = 16 * 1024 * 1024;

export function openSchool(trial: Trial, { program, git, starts }: Stage): School {
  const inRoot = (path: string): string => join(trial.root, path);
  return {
    trial,
    look: () => ({ traces: traces(trial.root), contents: contents(trial.root) }),
    reconcile: () => reconcile(program, trial.config),
    async commit(message, files) {
      for (const [path, text] of Object.entries(files)) await put(join(trial.fleet, path), text);
      const problem = await commitAll(git, trial.fleet, message);
      if (problem !== undefined) throw new Deviation(describeProblem(problem));
    },
    fleetText: (path) => readFile(join(trial.fleet, path), "utf8"),
    text: (path) => readFile(inRoot(path), "utf8"),
    overwrite: (path, text) => writeFile(inRoot(path), text),
    remove: (path) => rm(inRoot(path)),
    page: (path, words) => seePage(inRoot("/run/lessons/address"), path, words),
    starts,
    offerPackages: () => offerPackages(trial),
    publish: (version) => publishDictionary(trial, version),
    async installed() {
      const status = await readFile(inRoot("/var/lib/dpkg/status"), "utf8");
      const entries = status.matchAll(/^Package: (\S+)\nStatus: install ok installed\n(?:.+\n)*?Version: (\S+)$/gmu);
      return Array.from(entries, ([, name, version]) => `${name} ${version}`).sort();
    },
  };
}

async function put(file: string, text: string | undefined): Promise<void> {
  if (text === undefined) return rm(file);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

async function reconcile(program: string, config: string): Promise<Ran> {
  const argv = [process.execPath, program, "--now", "--json", "--config", config];
  const told = await runCommand(argv, { timeoutMs: RUN_TIMEOUT_MS, outputLimit: OUTPUT_LIMIT });
  const outcome = parse(told.stdout.toString("utf8"));
  if (!isOutcome(outcome)) throw new Deviation(`reconcile --now --json told no outcome: ${told.stderr.trim()}`);
  return { exitCode: told.code, outcome };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isOutcome(value: unknown): value is OutcomeJson {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "outcome";
}
