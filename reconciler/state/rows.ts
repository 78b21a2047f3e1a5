// States as short rows of JSON and back: a server with 10,000 files reads and writes them in milliseconds.
import type { FileState } from "../model/file-state.ts";
import { isFileState } from "../model/satisfies.ts";
import type { ResourceId, State } from "../model/state.ts";
import type { Memory, Remembered, Stamp, Wanted } from "../model/target.ts";

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
type Row = readonly Json[];

const STATE_COLUMNS = 6;

export function memoryToRows(memory: Memory): readonly Row[] {
  return Array.from(memory, ([id, { state, origin, implied, stamp }]) => [
    id,
    ...stateToRow(state),
    origin,
    implied ?? false,
    ...(stamp === undefined ? [] : [stamp.ino, stamp.size, stamp.mtimeMs, stamp.ctimeMs]),
  ]);
}

/** Undefined when these are not rows of Memory. */
export function memoryFromRows(rows: unknown): Memory | undefined {
  if (!Array.isArray(rows)) return undefined;
  return new Map((rows as Row[]).map((row) => [row[0] as ResourceId, rememberedFromRow(row)]));
}

function rememberedFromRow(row: Row): Remembered {
  const at = 1 + STATE_COLUMNS;
  const stamp: Stamp | undefined =
    row.length > at + 2
      ? {
          ino: row[at + 2] as number,
          size: row[at + 3] as number,
          mtimeMs: row[at + 4] as number,
          ctimeMs: row[at + 5] as number,
        }
      : undefined;
  return {
    state: stateFromRow(row),
    origin: row[at] === "created" ? "created" : "adopted",
    ...(row[at + 1] === true ? { implied: true } : {}),
    ...(stamp === undefined ? {} : { stamp }),
  };
}

export function wantedToRows(wanted: ReadonlyMap<ResourceId, Wanted>): readonly Row[] {
  return Array.from(wanted, ([id, { state, policy, implied, ...rest }]) => [
    id,
    ...stateToRow(state),
    policy,
    implied ?? false,
    // Most files have nothing more to say.
    ...(Object.keys(rest).length === 0 ? [] : [rest as unknown as Json]),
  ]);
}

export function wantedFromRows(rows: unknown): ReadonlyMap<ResourceId, Wanted> | undefined {
  if (!Array.isArray(rows)) return undefined;
  return new Map((rows as Row[]).map((row) => [row[0] as ResourceId, wantedFromRow(row)]));
}

function wantedFromRow(row: Row): Wanted {
  const at = 1 + STATE_COLUMNS;
  return {
    state: stateFromRow(row),
    policy: row[at] as Wanted["policy"],
    ...(row[at + 1] === true ? { implied: true } : {}),
    ...(row[at + 2] as Omit<Wanted, "state" | "policy"> | undefined),
  };
}

function stateToRow(state: State): Row {
  if (!isFileState(state)) return otherToRow(state);
  if (state.type === "absent" || state.type === "special") return [state.type, null, null, null, null, null];
  const content = state.type === "regular" ? state.digest : state.type === "symlink" ? state.target : null;
  const size = state.type === "regular" ? state.size : null;
  return [state.type, content, size, state.mode ?? null, state.uid ?? null, state.gid ?? null];
}

/** There are thousands of files, and a handful of all else: those are written out. */
function otherToRow({ type, ...rest }: Exclude<State, FileState>): Row {
  return [type, rest satisfies Readonly<Record<string, Json | undefined>>, null, null, null, null];
}

function stateFromRow([, type, content, size, mode, uid, gid]: Row): State {
  if (typeof content === "object" && content !== null) return Object.assign({ type }, content) as unknown as State;
  const permissions = {
    ...(typeof mode === "number" ? { mode } : {}),
    ...(typeof uid === "number" ? { uid } : {}),
    ...(typeof gid === "number" ? { gid } : {}),
  };
  if (type === "regular") return { type, digest: content as string, size: size as number, ...permissions };
  if (type === "symlink") return { type, target: content as string, ...permissions };
  if (type === "directory") return { type, ...permissions };
  return { type: type === "special" ? "special" : "absent" };
}
