// Managed files and a local repository in; a wish for a cycle out, soon after one of them changed.
import { createAim } from "./watcher.ts";
import { createDebounce } from "./debounce.ts";
import { printable } from "../../common/printable.ts";
import { watchFiles, watchRepository } from "./watched.ts";
import type { OpenWatcher } from "./watcher.ts";
import type { Problem } from "../../common/problem.ts";
import type { Trigger } from "../model/outcome.ts";

export interface WatchOptions {
  /** Absolute paths on this machine. */
  readonly files: readonly string[];
  /** A repository on this machine, when that is where the fleet is fetched from. */
  readonly repository?: string;
  readonly want: (trigger: Trigger, because: string) => unknown;
  /** Whether the change of a path is the echo of our own writing. */
  readonly isOurs?: (path: string) => boolean;
  /** Hears once of what keeps the watch from working; the interval goes on without it. */
  readonly tell: (problem: Problem) => void;
  /** How long it has to be quiet before the wish is made; 300 ms when left out. */
  readonly quietMs?: number;
  /** How long the first change waits at most; 2000 ms when left out. */
  readonly mostMs?: number;
  /** Chokidar when left out. */
  readonly open?: OpenWatcher;
}

export interface Watch {
  /** Watches these files from now on; also finds directories that were made since. Resolves when it does. */
  update(files: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/**
 * Resolves when the watching has begun. It sees new, removed and rewritten files; a changed owner or mode, or a change
 * that slips through, is found by the interval.
 */
export async function startWatch(options: WatchOptions): Promise<Watch> {
  const { want, tell, open, isOurs = () => false, quietMs = 300, mostMs = 2000 } = options;
  // Asked only when the wish is due: by then a cycle of ours has noted what it wrote.
  const debounce = createDebounce({ quietMs, mostMs }, (changes) => {
    const foreign = changes.filter((path) => path === REPOSITORY || !isOurs(path));
    if (foreign.length > 0) want("change", describeChanges(foreign));
  });
  const notice = (path: string) => debounce.add(path);
  let failed = false;
  const close = async () => {
    debounce.stop();
    await Promise.all([files.close(), repository.close()]);
  };
  const giveUp = (error: unknown) => {
    if (failed) return;
    failed = true;
    tell(watchProblem(error));
    void close();
  };
  const files = createAim(notice, giveUp, open);
  const repository = createAim(() => debounce.add(REPOSITORY), giveUp, open);
  let leftOut = 0;
  const update = (paths: readonly string[]) => {
    const watched = watchFiles(paths);
    if (watched.leftOut > leftOut) tell(tooManyProblem(watched.directories.length, watched.leftOut));
    leftOut = watched.leftOut;
    return files.at(watched);
  };

  if (options.repository !== undefined) await repository.at(watchRepository(options.repository));
  await update(options.files);
  return { update, close };
}

/** Stands for any path of the repository. */
const REPOSITORY = "the repository moved";

/** `/etc/motd changed`, or `/etc/motd changed, and 3 more`. */
function describeChanges([first = REPOSITORY, ...more]: readonly string[]): string {
  const told = first === REPOSITORY ? first : `${first} changed`;
  return more.length === 0 ? told : `${told}, and ${more.length} more`;
}

function watchProblem(error: unknown): Problem {
  const full = /ENOSPC|EMFILE|ENFILE/.test(String(error));
  return {
    code: "watch-failed",
    what: `the watch for changed files stopped: ${printable(error instanceof Error ? error.message : String(error))}`,
    hint: full
      ? "raise fs.inotify.max_user_watches and fs.inotify.max_user_instances with sysctl and restart the service; until then changes are found at the next interval"
      : "restart the service to watch again; until then changes are found at the next interval",
  };
}

function tooManyProblem(watched: number, leftOut: number): Problem {
  return {
    code: "watch-limit",
    what: `${watched} directories are watched for changes, and ${leftOut} more are too many`,
    hint: "changes in those are found at the next interval; nothing has to be done",
  };
}
