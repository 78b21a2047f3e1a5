// The state directory and its second copy in: what one of them lost comes back from the other.
import { describeFileError } from "../machine/file-problem.ts";
import { FileError, type Files } from "../machine/machine.ts";
import type { Problem } from "../../common/problem.ts";
import { restoreTail, tailToCopy } from "./history.ts";
import { findSlots, readSlot, replaceFile, writeSlot, type Slot } from "./slots.ts";

/** What has a second copy. `metrics` is the daemon's own; all else is written by runs and verbs. */
export type Copied = "ledger" | "memory" | "holds" | "history" | "metrics";

const OF_RUNS: readonly Copied[] = ["ledger", "memory", "holds", "history"];

/** Brings back what the state lost. Problems tell what came back, and what of the copy could not be read. Never throws. */
export async function restoreFromCopy(
  state: Files,
  copy: Files,
  names: readonly Copied[] = OF_RUNS,
): Promise<readonly Problem[]> {
  return telling(async () => {
    if (faultOf(state, copy) !== undefined) return [];
    const back: string[] = [];
    for (const name of names) back.push(...(await restoreOne(state, copy, name)));
    return back.length === 0 ? [] : [restored(back)];
  });
}

/** Writes what moved since. Problems tell what could not be written. Never throws. */
export async function saveCopy(
  state: Files,
  copy: Files,
  names: readonly Copied[] = OF_RUNS,
): Promise<readonly Problem[]> {
  return telling(async () => {
    const fault = faultOf(state, copy);
    if (fault !== undefined) return [fault];
    const older: Copied[] = [];
    for (const name of names) if ((await saveOne(state, copy, name)) === "older") older.push(name);
    return older.length === 0 ? [] : [setBack(older)];
  });
}

/**
 * Only where the state lost something: one that is whole and older was set back by somebody, who means it. Resolves with
 * what came back, in words.
 */
async function restoreOne(state: Files, copy: Files, name: Copied): Promise<readonly string[]> {
  if (name === "history") return (await restoreTail(state, copy)) ? [name] : [];
  const { newest, damaged, missing } = await findSlots(state, name);
  const isWhole = newest.sequence > 0 && damaged.length === 0 && missing <= 0;
  const there = isWhole ? undefined : await copyOf(copy, name);
  if (there === undefined || there.sequence <= newest.sequence) return [];
  await writeSlot(state, name, there);
  const files = damaged.map((path) => path.slice(1)).join(" and ");
  return [files === "" ? name : `${name} (${files} damaged)`];
}

/** `older` when the state has been set back since the copy was written. */
async function saveOne(state: Files, copy: Files, name: Copied): Promise<"older" | undefined> {
  if (name === "history") {
    const tail = await tailToCopy(state, copy);
    if (tail !== undefined) await replaceFile(copy, `/${name}`, tail);
    return undefined;
  }
  const { newest } = await findSlots(state, name);
  const there = await copyOf(copy, name);
  if (newest.sequence === 0 || there?.bytes.equals(newest.bytes) === true) return undefined;
  await replaceFile(copy, `/${name}`, newest.bytes);
  return there !== undefined && there.sequence > newest.sequence ? "older" : undefined;
}

async function copyOf(copy: Files, name: Copied): Promise<Slot | undefined> {
  return copy.stat(`/${name}`) === undefined ? undefined : readSlot(copy, `/${name}`);
}

/** Whoever can write the copy says what this program remembers; whoever can read it sees what a school is about. */
function faultOf(state: Files, copy: Files): Problem | undefined {
  const folder = copy.stat("/");
  if (folder?.type !== "directory") return notThere();
  const isOurs = folder.uid === 0 || folder.uid === state.stat("/")?.uid;
  return isOurs && (folder.mode & 0o077) === 0 ? undefined : notOurs();
}

async function telling(act: () => Promise<readonly Problem[]>): Promise<readonly Problem[]> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const { what, hint = "" } = describeFileError(error);
    return [{ code: "copy-failed", what: `the second copy of the state: ${what}`, hint: `${hint}; ${WHERE}` }];
  }
}

const WHERE = "it lies in the folder state_copy of config.yaml, and nothing else depends on it";

function notThere(): Problem {
  return {
    code: "copy-missing",
    what: "the folder for the second copy of the state is not there",
    hint: `mount its disk, or make the folder above it; ${WHERE}`,
  };
}

function notOurs(): Problem {
  return {
    code: "copy-not-ours",
    what: "others than this program's user can enter the folder for the second copy of the state, so it is not used",
    hint: `chown root, chmod 700; mount a disk without permissions with uid=0,umask=077; ${WHERE}`,
  };
}

function restored(words: readonly string[]): Problem {
  return {
    code: "state-restored",
    what: `${words.join(", ")} had been lost from the state directory, and came back from its second copy`,
    hint: "look at the disk's health (smartctl, dmesg), unless somebody removed it",
  };
}

function setBack(names: readonly Copied[]): Problem {
  return {
    code: "state-set-back",
    what: `${names.join(", ")} of the state directory was older than in its second copy: somebody set it back, so that counts`,
    hint: "nothing has to be done: this server is compared with git anew; what was quarantined since may be tried again",
  };
}
