// What a person may write of accounts, packages, services and data, and of when they may be changed.
import type { FamilyNames } from "../model/family.ts";
import type { Running, Supply, Updates } from "../model/target.ts";
import type { Guard } from "../model/window.ts";
import type { Named, Written } from "./nullable.ts";

export type WrittenGroup = Written<{ id: number }>;

export type WrittenUser = Written<{
  id: number;
  group: string;
  groups: readonly string[];
  home: string;
  shell: string;
}>;

export type WrittenAccounts = Written<{ users: Named<WrittenUser>; groups: Named<WrittenGroup> }>;

export type WrittenPackage = Written<{
  version: string;
  minimum: string;
  absent: true;
  held: boolean;
  names: FamilyNames;
  window: string;
}>;
export type PackageWord = "present" | "absent";

export type WrittenService = Written<{
  enabled: boolean;
  running: boolean;
  masked: boolean;
  names: FamilyNames;
  reads: readonly string[];
  packages: readonly string[];
  after: readonly string[];
  renew: Running["renew"];
  settle_s: number;
  window: string;
}>;
export type ServiceWord = "running" | "stopped" | "masked";

export type WrittenDataItem = Written<{
  copy: string;
  http: string;
  sha256: string;
  size_mib: number;
  rsync: string;
  path: string;
  unpack: NonNullable<Supply["unpack"]>;
  max_age_h: number;
  keep_versions: number;
  max_mib: number;
  owner: string;
  group: string;
  /** Octal digits. */
  mode: string;
  window: string;
}>;

export type WrittenUpdates = Written<{ which: Updates["which"]; window: string; except: readonly string[] }>;

export type WrittenWindow = Written<{
  zone: string;
  hours: string | readonly string[];
  not_during: readonly string[];
  only_during: readonly string[];
  guards: readonly Guard[];
}>;

/** Days as year-month-day; both belong to it. */
export interface WrittenSpan {
  readonly from: string;
  readonly to: string;
}
export type WrittenCalendar = Named<WrittenSpan>;

export type WrittenSystem = Written<{
  accounts: WrittenAccounts;
  packages: Named<WrittenPackage | PackageWord>;
  updates: WrittenUpdates;
  irreversible: "hold" | "allow";
  services: Named<WrittenService | ServiceWord>;
  data: Named<WrittenDataItem>;
  windows: Named<WrittenWindow>;
  calendars: Named<WrittenCalendar>;
}>;

/** The words of which a package has at most one, and an item of data exactly one. */
export const VERSION_WORDS = ["absent", "version", "minimum"] as const;
export const SUPPLY_WORDS = ["copy", "http", "rsync", "path"] as const;
