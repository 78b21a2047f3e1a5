// A service under `reconcile supervise` that notes what it read in /etc/reader.conf, so that a test can tell whether it
// runs with what lies there.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { codeOf } from "../../reconciler/machine/errno.ts";
import type { Machine } from "../../reconciler/machine/machine.ts";
import { embedded } from "../../reconciler/resources/supervisors/embedded.ts";
import { gitEnvironment } from "../support/git-forge.ts";

const PROGRAM = join(import.meta.dirname, "../../dist/reconcile.js");
const LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 2;

/** Runs in the managed root; `asked` and what it read lie in the folder NOTES outside. */
export const READER = `#!/bin/sh
note() {
  read -r asked <"$NOTES/asked"
  read -r line <"$ROOT/etc/reader.conf"
  echo "$asked: $line" >"$NOTES/read.new" && mv "$NOTES/read.new" "$NOTES/read"
}
trap note HUP
note
while :; do
  sleep 1000 &
  wait $!
  kill $!
done
`;

export class Reader {
  readonly #notes: string;
  readonly #supervisor: ChildProcess;
  #asked = 0;

  private constructor(notes: string, supervisor: ChildProcess) {
    this.#notes = notes;
    this.#supervisor = supervisor;
  }

  /** Resolves when the supervisor answers; the service itself comes with the fleet. */
  static async start(notes: string, configFile: string): Promise<Reader> {
    writeFileSync(join(notes, "asked"), "first\n");
    return new Reader(notes, await supervise(configFile));
  }

  /** Makes it read once more, in a way that tells this time from all before. */
  async readAnew(machine: Machine, line: string): Promise<void> {
    writeFileSync(join(this.#notes, "asked"), `${++this.#asked}\n`);
    const options = { timeoutMs: LIMIT_MS, signal: AbortSignal.timeout(LIMIT_MS) };
    const problems = await embedded.act(machine, "reload", ["reader"], options);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    await this.hasRead(line);
  }

  /** Resolves when this line is what it read last. */
  async hasRead(line: string): Promise<void> {
    const end = performance.now() + LIMIT_MS;
    while (this.#note() !== `${this.#asked}: ${line}\n`) {
      if (performance.now() > end) throw new Error(`the service should have read "${line}": ${this.#note()}`);
      await pause(LOOK_EVERY_MS);
    }
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#supervisor.once("close", resolve));
    if (this.#supervisor.kill("SIGTERM")) await ended;
  }

  #note(): string {
    try {
      return readFileSync(join(this.#notes, "read"), "utf8");
    } catch (error) {
      if (codeOf(error) === "ENOENT") return "";
      throw error;
    }
  }
}

async function supervise(configFile: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, "supervise", "--config", configFile], {
    env: gitEnvironment(),
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    child.on("close", (code) => reject(new Error(`the supervisor ended with ${code}: ${said}`)));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
      if (said.includes("are looked after")) resolve();
    });
  });
  return child;
}
