// The watch of a daemon: managed files and a repository on this machine; echoes of our own writing are not heard.
import { lstatSync } from "node:fs";
import type { Ground } from "./ground.ts";
import type { Emit } from "./model/event.ts";
import type { Trigger } from "./model/outcome.ts";
import { kindOf, nameOf } from "./model/state.ts";
import type { Stamp } from "./model/target.ts";
import { loadMemory } from "./state/memory.ts";
import { startWatch } from "./triggers/watch.ts";
import { fileURLToPath } from "node:url";

export interface Watching {
  /** After a cycle: watches what is managed now. */
  aim(): Promise<void>;
  close(): Promise<void>;
}

export async function startWatching(
  ground: Ground,
  want: (trigger: Trigger, because: string) => unknown,
  emit: Emit,
): Promise<Watching> {
  let known = await stamps(ground);
  const repository = localRepository(ground.config.remotes[0]?.url);
  const watch = await startWatch({
    files: [...known.keys()],
    ...(repository === undefined ? {} : { repository }),
    want,
    isOurs: (path) => isAsKnown(path, known.get(path)),
    tell: (problem) => {
      emit({ type: "problem", problem });
    },
  });
  return {
    async aim() {
      known = await stamps(ground);
      await watch.update([...known.keys()]);
    },
    close: () => watch.close(),
  };
}

/** Managed files by their path on this machine, with the stamp under which they were last as wanted. */
async function stamps({ machine, state }: Ground): Promise<ReadonlyMap<string, Stamp | undefined>> {
  const { memory } = await loadMemory(state);
  const files = Array.from(memory).filter(([id, { implied }]) => kindOf(id) === "file" && implied === undefined);
  return new Map(files.map(([id, { stamp }]) => [machine.hostPath(nameOf(id)), stamp]));
}

function isAsKnown(path: string, stamp: Stamp | undefined): boolean {
  if (stamp === undefined) return false;
  try {
    const now = lstatSync(path);
    return now.ino === stamp.ino && now.ctimeMs === stamp.ctimeMs;
  } catch {
    return false;
  }
}

/** The folder of a remote that is one; another machine's repository cannot be watched. */
function localRepository(url: string | undefined): string | undefined {
  if (url?.startsWith("/") === true) return url;
  return url?.startsWith("file:///") === true ? fileURLToPath(url) : undefined;
}
