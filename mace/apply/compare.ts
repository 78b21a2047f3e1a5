// A rendering and a destination in, what would have to change there out. Touches nothing.
import { readFileSync } from "node:fs";
import { type Problem, type Result, refuse, succeed } from "../../common/problem.ts";
import type { FinalFile, Removal, Rendering } from "../model.ts";
import { type Destination, type Location, locate } from "./destination.ts";
import { type Found, isPrivileged, lookAt, type Ownership } from "./files.ts";
import { digestOf, type Manifest, readManifest } from "./memory.ts";

export interface Change {
  readonly file: FinalFile;
  readonly location: Location;
  readonly action: "create" | "replace" | "permissions";
  readonly before: Found;
  /** Owner and group by number; left out when this process may not set them. */
  readonly ownership?: Ownership;
  /** Whether what is there was written by somebody else, before mace came or since its last run. */
  readonly byHand: boolean;
}

/** A file that goes. */
export interface Departure {
  readonly path: string;
  /** What has to be told: `nginx`, `dhcp/kea`; undefined when the older run that made it did not note that. */
  readonly part: string | undefined;
  readonly location: Location;
  readonly before: Found;
  /** Its sources are gone, or its service does not bear it. */
  readonly why: "no-longer-made" | "in-the-way";
}

export interface Comparison {
  readonly changes: readonly Change[];
  /** Sorted by path. */
  readonly departures: readonly Departure[];
  readonly unchanged: readonly FinalFile[];
  /** What mace wrote before, as its manifest tells. */
  readonly manifest: Manifest;
  readonly notices: readonly Problem[];
}

/** Compares every final file with what is at its place. */
export function compare(rendering: Rendering, destination: Destination): Result<Comparison> {
  const manifest = readManifest(destination);
  if (!manifest.ok) return manifest;
  const [changes, unchanged, problems] = [new Array<Change>(), new Array<FinalFile>(), new Array<Problem>()];
  for (const file of rendering.files) {
    const change = compareFile(file, destination, manifest.value);
    if (!change.ok) problems.push(...change.problems);
    else if (change.value === undefined) unchanged.push(file);
    else changes.push(change.value);
  }
  const gone = noLongerMade(rendering, destination, manifest.value);
  const unwanted = rendering.removals.map((removal) => inTheWay(removal, destination));
  for (const departure of unwanted) if (!departure.ok) problems.push(...departure.problems);
  if (problems.length > 0) return refuse(...problems);
  const departures = [...gone.departures, ...unwanted.flatMap((one) => (one.ok ? (one.value ?? []) : []))];
  return succeed({
    changes,
    departures: [...new Map(departures.map((one) => [one.path, one])).values()].sort(byPath),
    unchanged,
    manifest: manifest.value,
    notices: [...changes.filter(({ byHand }) => byHand).map(writtenByHand), ...gone.notices],
  });
}

function compareFile(file: FinalFile, destination: Destination, manifest: Manifest): Result<Change | undefined> {
  const located = locate(destination, file.path);
  if (!located.ok) return located;
  const ownership = ownershipOf(file, destination);
  if (!ownership.ok) return ownership;
  const before = lookAt(located.value.file);
  if (before.kind === "other") return refuse(notAFile(file.path));
  const sameBytes = before.bytes?.equals(file.bytes) === true;
  if (sameBytes && samePermissions(before, file, ownership.value)) return succeed(undefined);
  return succeed({
    file,
    location: located.value,
    action: before.kind === "absent" ? "create" : sameBytes ? "permissions" : "replace",
    before,
    byHand: before.kind !== "absent" && !sameBytes && !isOurs(before, manifest.get(file.path)?.digest),
    ...(ownership.value === undefined ? {} : { ownership: ownership.value }),
  });
}

function isOurs(before: Found, digest: string | undefined): boolean {
  return before.bytes !== undefined && digest === digestOf(before.bytes);
}

function samePermissions(before: Found, file: FinalFile, ownership: Ownership | undefined): boolean {
  if (before.mode !== file.mode) return false;
  return ownership === undefined || (before.uid === ownership.uid && before.gid === ownership.gid);
}

/** Names mean what the destination's own lists of users and groups say. */
function ownershipOf(file: FinalFile, destination: Destination): Result<Ownership | undefined> {
  if (!isPrivileged()) return succeed(undefined);
  const uid = idOf(destination, "passwd", file.owner);
  const gid = idOf(destination, "group", file.group);
  if (uid !== undefined && gid !== undefined) return succeed({ uid, gid });
  const what = `wants owner ${file.owner ?? "root"} and group ${file.group ?? "root"}, and one of them is not known here`;
  return refuse({ code: "unknown-owner", where: { file: file.path }, what, hint: `install ${file.service} first` });
}

function idOf(destination: Destination, list: "passwd" | "group", name: string | undefined): number | undefined {
  if (name === undefined || name === "root") return 0;
  const located = locate(destination, `/etc/${list}`);
  if (!located.ok || lookAt(located.value.file).kind !== "regular") return undefined;
  const lines = readFileSync(located.value.file, "utf8").split("\n");
  const id = lines.map((line) => line.split(":")).find((columns) => columns[0] === name)?.[2];
  return id !== undefined && /^[0-9]+$/.test(id) ? Number(id) : undefined;
}

function notAFile(file: string): Problem {
  const hint = "move it away, or hide the source of this file";
  return { code: "not-a-file", where: { file }, what: "is a directory, socket or device on this server", hint };
}

function writtenByHand({ file }: Change): Problem {
  const what = "was not written by mace, or was changed since; apply keeps what is there now under /var/lib/mace/kept";
  return { code: "changed-by-hand", where: { file: file.path }, what };
}

/** What mace made and its sources are gone: it goes as well, unless somebody changed it since. */
function noLongerMade(
  rendering: Rendering,
  destination: Destination,
  manifest: Manifest,
): { readonly departures: readonly Departure[]; readonly notices: readonly Problem[] } {
  const made = new Set(rendering.files.map(({ path }) => path));
  const [departures, notices] = [new Array<Departure>(), new Array<Problem>()];
  for (const [path, { digest, part }] of manifest) {
    const located = made.has(path) ? undefined : locate(destination, path);
    if (located === undefined) continue;
    const before = located.ok ? lookAt(located.value.file) : undefined;
    if (before?.kind === "absent") continue;
    if (located.ok && before !== undefined && isOurs(before, digest)) {
      departures.push({ path, part, location: located.value, before, why: "no-longer-made" });
    } else notices.push(leftAlone(path));
  }
  return { departures, notices };
}

function inTheWay({ path, service }: Removal, destination: Destination): Result<Departure | undefined> {
  const located = locate(destination, path);
  if (!located.ok) return located;
  const before = lookAt(located.value.file);
  if (before.kind === "absent") return succeed(undefined);
  if (before.kind === "other") return refuse(notAFile(path));
  return succeed({ path, part: service, location: located.value, before, why: "in-the-way" });
}

function leftAlone(file: string): Problem {
  const what = "is no longer in the sources, but was changed since mace wrote it; mace leaves it where it is";
  return { code: "no-longer-made", where: { file }, what, hint: "remove it if nothing needs it" };
}

function byPath(one: Departure, other: Departure): number {
  return one.path < other.path ? -1 : 1;
}
