// A merged entry of `data:` in; a DataWish, or why nothing can come of it, out.
import { refuse, succeed } from "../../../common/problem.ts";
import type { Problem, Result, Where } from "../../../common/problem.ts";
import type { DataWish } from "../../model/desired.ts";
import { present } from "../nullable.ts";
import { idleDataWords } from "../rules/data.ts";
import type { WrittenDataItem } from "../written-system.ts";

const MIB = 2 ** 20;
const MS_PER_HOUR = 3_600_000;
const DEFAULT_KEEP_VERSIONS = 1;
const DEFAULT_MAX_MIB = 4096;

export function toDataWish(path: string, written: WrittenDataItem, where: Where): Result<DataWish> {
  const idle = idleDataWords(written);
  if (idle.length > 0) return refuse(...idle.map(({ word: _word, ...problem }) => ({ ...problem, where })));
  const source = sourceOf(written, where);
  if (!source.ok) return source;
  if (toMib(written.size_mib) > toMib(written.max_mib ?? DEFAULT_MAX_MIB)) return refuse(tooLarge(written, where));
  return succeed({ path, where, source: source.value, ...limitsOf(written), ...permissionsOf(written) });
}

function sourceOf(written: WrittenDataItem, where: Where): Result<DataWish["source"]> {
  const { copy, http, sha256, size_mib: size, rsync, path } = written;
  if (copy) return succeed({ type: "repository", path: copy });
  if (rsync ?? path) return succeed({ type: "rsync", url: rsync ?? path ?? "" });
  if (!http) return refuse(noSource(where));
  if (!sha256) return refuse(noDigest(where));
  return succeed({ type: "http", url: http, digest: sha256, ...(size ? { size: toBytes(size) } : {}) });
}

function limitsOf(written: WrittenDataItem) {
  const { max_age_h: age, keep_versions: keep, max_mib: most, unpack } = written;
  return {
    ...present("unpack", unpack),
    ...(age ? { maxAgeMs: Math.round(age * MS_PER_HOUR) } : {}),
    keepVersions: keep ?? DEFAULT_KEEP_VERSIONS,
    maxBytes: toBytes(most ?? DEFAULT_MAX_MIB),
  };
}

function permissionsOf({ owner, group, mode, window }: WrittenDataItem) {
  const octal = mode ? { mode: Number.parseInt(mode, 8) } : {};
  return { ...present("owner", owner), ...present("group", group), ...octal, ...present("window", window) };
}

function toMib(written: number | null | undefined): number {
  return written ?? 0;
}

function toBytes(mib: number): number {
  return Math.round(mib * MIB);
}

function noSource(where: Where): Problem {
  const hint = "write one of copy, http, rsync and path, or take the item out";
  return { code: "no-source", where, what: "this item does not say where its data comes from", hint };
}

function noDigest(where: Where): Problem {
  const what = "sha256 is missing, so nobody could tell whether the right file came";
  return { code: "no-digest", where, what, hint: "write sha256: and the 64 digits that sha256sum prints for the file" };
}

function tooLarge({ size_mib: size, max_mib: most }: WrittenDataItem, where: Where): Problem {
  const what = `size_mib (${toMib(size)}) is above max_mib (${most ?? DEFAULT_MAX_MIB}), so it would be refused`;
  return { code: "too-large", where, what, hint: `write max_mib: ${Math.ceil(toMib(size) * 1.5)}` };
}
