// A set of directories in, the paths that change in them out; the set can be exchanged while watching.
import type { Watched } from "./watched.ts";

export interface Watcher {
  close(): Promise<void>;
}

/** Resolves when the watching has begun. `onChange` hears of each changed path, `onError` of what went wrong. */
export type OpenWatcher = (
  watched: Watched,
  onChange: (path: string) => void,
  onError: (error: unknown) => void,
) => Promise<Watcher>;

export interface Aim {
  /** Watches this instead. Resolves when it does, and when the watcher before it is closed. */
  at(watched: Watched): Promise<void>;
  /** Ends the watching for good. */
  close(): Promise<void>;
}

/** One watcher at a time, exchanged without a moment in which nothing is watched. */
export function createAim(
  onChange: (path: string) => void,
  onError: (error: unknown) => void,
  open: OpenWatcher = openChokidar,
): Aim {
  let closed = false;
  let current: { readonly key: string; readonly watcher: Watcher } | undefined;
  let queue = Promise.resolve();
  const inTurn = (work: () => Promise<void>) => (queue = queue.then(work).catch(onError));

  return {
    at: (watched) =>
      inTurn(async () => {
        if (closed || current?.key === watched.key) return;
        const former = current?.watcher;
        current = { key: watched.key, watcher: await open(watched, onChange, onError) };
        await former?.close();
      }),
    close() {
      closed = true;
      return inTurn(async () => {
        await current?.watcher.close();
        current = undefined;
      });
    },
  };
}

/** With chokidar, which is loaded here because only a daemon needs it. */
async function openChokidar(
  watched: Watched,
  onChange: (path: string) => void,
  onError: (error: unknown) => void,
): Promise<Watcher> {
  const { watch } = await import("chokidar");
  const watcher = watch([...watched.directories], {
    depth: watched.depth,
    ignored: (path) => !watched.heeds(path),
    ignoreInitial: true,
    followSymlinks: false,
    ignorePermissionErrors: true,
    // Our debounce waits anyway, and its own would not see names that end with "~".
    atomic: false,
  });
  watcher.on("all", (_event, path) => onChange(path));
  watcher.on("error", onError);
  // With nothing to watch it never says that it is ready.
  if (watched.directories.length > 0) await readyOrFailed(watcher);
  return watcher;
}

function readyOrFailed(watcher: { once(event: "ready" | "error", listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    watcher.once("ready", resolve);
    watcher.once("error", resolve);
  });
}
