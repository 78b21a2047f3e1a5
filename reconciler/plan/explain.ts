// A change and the bytes before and after it in; the difference as a person may see it out. The only file that knows how
// two texts are compared.
import { isUtf8 } from "node:buffer";
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch, type StructuredPatch } from "diff";
import { printable, printableLines } from "../../common/printable.ts";
import type { Change } from "../model/plan.ts";
import { sameContent } from "../model/satisfies.ts";
import { nameOf, type State } from "../model/state.ts";

/** Bytes of one side of a file that are still compared. */
export const MOST_COMPARED_BYTES = 256 * 1024;

/** Lines of a file, counted from 1, both ends included. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** Size and a short digest: enough to tell two contents apart, and nothing of what is in them. */
export interface Gist {
  /** Bytes. */
  readonly size: number;
  /** The first twelve hex digits of the SHA-256. */
  readonly digest: string;
}

/**
 * `secret`: neither group nor others may read it. `too-large`: more than can be compared. `too-different`: comparing it
 * took too long. `unreadable`: it could not be read, or was changed while it was.
 */
export type Withheld = "secret" | "too-large" | "binary" | "too-different" | "unreadable";

export type Difference =
  | {
      readonly type: "shown";
      /** A unified diff, safe to print. */
      readonly diff: string;
      /** Lines of the new content that were not there before. */
      readonly added: readonly LineRange[];
    }
  | { readonly type: "withheld"; readonly why: Withheld; readonly before?: Gist; readonly after?: Gist };

/** Undefined when the content of a file is not what changes: a directory, a link, permissions alone, no file at all. */
export function contentChange(change: Change): "readable" | "secret" | "too-large" | undefined {
  const { before, after } = change;
  if (sameContent(before, after) || (before.type !== "regular" && after.type !== "regular")) return undefined;
  if (isSecret(before) || isSecret(after)) return "secret";
  return sizeOf(before) > MOST_COMPARED_BYTES || sizeOf(after) > MOST_COMPARED_BYTES ? "too-large" : "readable";
}

/** What a file that nobody but its owner may read holds is nobody else's business, not even in a report. */
function isSecret(state: State): boolean {
  return state.type === "regular" && state.mode !== undefined && (state.mode & 0o044) === 0;
}

function sizeOf(state: State): number {
  return state.type === "regular" ? state.size : 0;
}

/** The content is not to be seen. */
export function withhold({ before, after }: Change, why: Withheld): Difference {
  return { type: "withheld", why, ...gist("before", before), ...gist("after", after) };
}

function gist<Side extends "before" | "after">(side: Side, state: State): { readonly [Key in Side]?: Gist } {
  if (state.type !== "regular") return {};
  const told: Gist = { size: state.size, digest: state.digest.slice(0, 12) };
  return { [side]: told } as { readonly [Key in Side]?: Gist };
}

/** A side that is no regular file is left out. Gives up after `timeoutMs`. */
export function compare(
  change: Change,
  before: Buffer | undefined,
  after: Buffer | undefined,
  timeoutMs: number,
): Difference {
  if (!isText(before) || !isText(after)) return withhold(change, "binary");
  const path = printable(nameOf(change.id));
  const [from, to] = [before === undefined ? "/dev/null" : path, after === undefined ? "/dev/null" : path];
  const [old, now] = [before?.toString("utf8") ?? "", after?.toString("utf8") ?? ""];
  const patch = structuredPatch(from, to, old, now, undefined, undefined, { context: 3, timeout: timeoutMs });
  if (patch === undefined) return withhold(change, "too-different");
  return { type: "shown", diff: printableLines(formatPatch(patch, FILE_HEADERS_ONLY)), added: addedRanges(patch) };
}

function isText(bytes: Buffer | undefined): boolean {
  return bytes === undefined || (isUtf8(bytes) && !bytes.includes(0));
}

function addedRanges({ hunks }: StructuredPatch): LineRange[] {
  const ranges: { from: number; to: number }[] = [];
  for (const { newStart, lines } of hunks) {
    let at = newStart;
    for (const line of lines) {
      if (line.startsWith("+")) {
        const last = ranges.at(-1);
        if (last?.to === at - 1) last.to = at;
        else ranges.push({ from: at, to: at });
      }
      if (line.startsWith("+") || line.startsWith(" ")) at += 1;
    }
  }
  return ranges;
}
