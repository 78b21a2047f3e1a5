// A whole server to try things on: a copy-on-write view of this machine with a network of its own. Nothing in it touches
// the real one, and all of it is gone when the test ends, even if the test is killed.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasPrograms, isUnhindered } from "../../support/needs.ts";
import type { Answer } from "./program.ts";

export interface TriedServer {
  /** Runs a program inside and waits for its end. */
  run(argv: readonly string[]): Answer;
  /** Starts a program inside; it ends with the server at the latest. */
  start(argv: readonly string[]): void;
  /** What the started programs have said so far. */
  said(): string;
  stop(): Promise<void>;
}

/** What becomes process 1: when its standard input is closed, it ends, and with it everything else inside. */
const BOOT = `
  set -e
  mount -t tmpfs none "$1"
  mkdir "$1/upper" "$1/work" "$1/root"
  mount -t overlay none -o "lowerdir=/,upperdir=$1/upper,workdir=$1/work" "$1/root"
  mount --rbind /dev "$1/root/dev"
  mount -t proc none "$1/root/proc"
  mount -t tmpfs none "$1/root/run"
  if mountpoint -q "$2"; then mount --bind "$2" "$1/root$2"; fi
  ip link set lo up
  echo ready
  exec cat
`;

/** Why no server can be tried here, if so. A test that boots one asks `canTry` first. */
export const OBSTACLE = findObstacle();

/** Whether a server can be tried here, with these programs on it. */
export function canTry(...programs: readonly string[]): boolean {
  return isUnhindered(OBSTACLE) && hasPrograms(...programs);
}

/**
 * `prepare` is a shell script that runs inside before anything else, to make interfaces and folders. Temporary files of
 * the real machine can be read inside.
 */
export async function bootServer(prepare: string): Promise<TriedServer> {
  const folder = newFolder();
  const outer = spawn("unshare", bootWords(folder), { stdio: ["pipe", "pipe", "pipe"] });
  const [heard, ended] = [listen(outer), new Promise<void>((resolve) => outer.once("exit", () => resolve()))];
  await new Promise<void>((resolve, reject) => {
    outer.stdout.once("data", () => resolve());
    outer.once("exit", () => reject(new Error(heard.join(""))));
  });
  const inner = readFileSync(`/proc/${outer.pid ?? 0}/task/${outer.pid ?? 0}/children`, "utf8").trim();
  const enter = ["-t", inner, "-m", "-n", "-p", "-u", "chroot", join(folder, "root")];
  const server: TriedServer = {
    run(argv) {
      const end = spawnSync("nsenter", [...enter, ...argv], { encoding: "utf8", timeout: 60_000 });
      return { code: end.status, out: end.stdout, err: end.stderr };
    },
    start: (argv) => void listen(spawn("nsenter", [...enter, ...argv], { stdio: ["ignore", "pipe", "pipe"] }), heard),
    said: () => heard.join(""),
    async stop() {
      outer.stdin.end();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const { code, err } = server.run(["bash", "-e", "-c", prepare]);
  if (code === 0) return server;
  await server.stop();
  throw new Error(err);
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "tried-server-"));
}

function bootWords(folder: string): readonly string[] {
  const flags = ["--mount", "--net", "--pid", "--uts", "--fork", "--kill-child"];
  return [...flags, "bash", "-c", BOOT, "boot", folder, tmpdir()];
}

/** Only root can, and not in every container either: boots once, with an input that has ended already. */
function findObstacle(): string | undefined {
  const folder = newFolder();
  const { status, stderr, error } = spawnSync("unshare", bootWords(folder), { encoding: "utf8", timeout: 60_000 });
  rmSync(folder, { recursive: true, force: true });
  if (status === 0) return undefined;
  const [why = ""] = (error?.message ?? stderr).split("\n");
  return `no server can be tried here, which takes root: ${why}`;
}

function listen(child: ChildProcess, heard: string[] = []): string[] {
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text: Buffer) => heard.push(String(text)));
  return heard;
}
