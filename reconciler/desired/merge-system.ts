// The files that speak for one school in; what they say together of accounts, packages, services, data and windows out.
import type { Placed } from "../model/desired.ts";
import type { Layer } from "./layer.ts";
import { mergeNamed, wordByWord } from "./merge-named.ts";
import type { Merged } from "./merge-named.ts";
import { wordsIn } from "./nullable.ts";
import { pointer } from "./pointer.ts";
import { SUPPLY_WORDS, VERSION_WORDS } from "./written-system.ts";
import type {
  PackageWord,
  ServiceWord,
  WrittenCalendar,
  WrittenDataItem,
  WrittenGroup,
  WrittenPackage,
  WrittenService,
  WrittenUpdates,
  WrittenUser,
  WrittenWindow,
} from "./written-system.ts";

export function mergeUsers(layers: readonly Layer[]): Merged<WrittenUser> {
  return mergeNamed(layers, ["accounts", "users"], ({ says }) => says.accounts?.users, wordByWord);
}

export function mergeGroups(layers: readonly Layer[]): Merged<WrittenGroup> {
  return mergeNamed(layers, ["accounts", "groups"], ({ says }) => says.accounts?.groups, wordByWord);
}

export function mergePackages(layers: readonly Layer[]): Merged<WrittenPackage> {
  return mergeNamed(layers, ["packages"], ({ says }) => says.packages, joinPackages);
}

export function mergeServices(layers: readonly Layer[]): Merged<WrittenService> {
  return mergeNamed(layers, ["services"], ({ says }) => says.services, joinServices);
}

export function mergeData(layers: readonly Layer[]): Merged<WrittenDataItem> {
  return mergeNamed(layers, ["data"], ({ says }) => says.data, joinData);
}

export function mergeWindows(layers: readonly Layer[]): Merged<WrittenWindow> {
  return mergeNamed(layers, ["windows"], ({ says }) => says.windows, wordByWord);
}

/** Name by name: a school may have days of its own in the calendar of all. */
export function mergeCalendars(layers: readonly Layer[]): Merged<WrittenCalendar> {
  return mergeNamed(layers, ["calendars"], ({ says }) => says.calendars, wordByWord);
}

/** Undefined when no file speaks of updates. */
export function mergeUpdates(layers: readonly Layer[]): Placed<WrittenUpdates> | undefined {
  return layers.reduce<Placed<WrittenUpdates> | undefined>((far, { says, place }) => {
    if (says.updates === undefined || says.updates === null) return far;
    return { value: { ...far?.value, ...says.updates }, where: place(pointer("updates")) };
  }, undefined);
}

export function mergeIrreversible(layers: readonly Layer[]): "hold" | "allow" {
  return (
    layers.reduce<"hold" | "allow" | null | undefined>(
      (far, { says }) => (says.irreversible === undefined ? far : says.irreversible),
      undefined,
    ) ?? "hold"
  );
}

const ANY_VERSION: WrittenPackage = { absent: null, version: null, minimum: null };
const NOT_THERE: WrittenPackage = { ...ANY_VERSION, absent: true, held: null };

/** Word by word; but a nearer version, or whether it is there at all, takes the place of a farther one. */
function joinPackages(far: WrittenPackage | undefined, near: WrittenPackage | PackageWord): WrittenPackage {
  if (near === "present") return { ...far, ...ANY_VERSION };
  if (near === "absent") return { ...far, ...NOT_THERE };
  const kept = wordsIn(near, VERSION_WORDS).length > 0 ? { ...far, ...(near.absent ? NOT_THERE : ANY_VERSION) } : far;
  return { ...kept, ...near, ...joinNames(far, near) };
}

/** What the short words mean. Who wants a service to run wants it not to be masked. */
const SERVICE_STATES: Readonly<Record<ServiceWord, WrittenService>> = {
  running: { enabled: true, running: true, masked: false },
  stopped: { enabled: false, running: false, masked: null },
  masked: { enabled: null, running: false, masked: true },
};

function joinServices(far: WrittenService | undefined, near: WrittenService | ServiceWord): WrittenService {
  if (typeof near === "string") return { ...far, ...SERVICE_STATES[near] };
  return { ...far, ...near, ...joinNames(far, near) };
}

/** Family by family: null says something there, so it does not remove. */
function joinNames<T extends Pick<WrittenPackage, "names">>(
  far: T | undefined,
  near: T,
): Pick<WrittenPackage, "names"> {
  return near.names ? { names: { ...far?.names, ...near.names } } : {};
}

const NO_SOURCE: WrittenDataItem = {
  ...{ copy: null, http: null, rsync: null, path: null },
  ...{ sha256: null, size_mib: null, unpack: null },
};

/** Word by word; but a nearer source takes the place of a farther one, with what goes with it. */
function joinData(far: WrittenDataItem | undefined, near: WrittenDataItem): WrittenDataItem {
  const kept = wordsIn(near, SUPPLY_WORDS).length > 0 ? { ...far, ...NO_SOURCE } : { ...far };
  return { ...kept, ...near };
}
