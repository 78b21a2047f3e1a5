// What a person may write in the YAML files of a fleet, as the JSON Schemas allow it. null removes.
import type { Policy } from "../model/target.ts";
import type { Level } from "../model/health.ts";
import type { Named, Written } from "./nullable.ts";
import type { WrittenSystem } from "./written-system.ts";

export type Variable = string | number | boolean;

export type WrittenFile = Written<{
  owner: string;
  group: string;
  /** Octal digits. */
  mode: string;
  check: readonly string[];
  directory: true;
  absent: true;
  link: string;
  copy: string;
  template: string;
  env: Named<Variable>;
  window: string;
}>;

export type WrittenHealthCheck = Written<{
  level: Level;
  grace_s: number;
  timeout_s: number;
  file: string;
  http: string;
  tcp: string;
  dns: string;
  exec: readonly string[];
  contains: string;
  status: number;
  server: string;
}>;

export type WrittenBrake = Written<{ max_removals: number; max_share: number }>;

/** fleet.yaml and groups/<group>.yaml. */
export type WrittenState = WrittenSystem & WrittenFiles;

type WrittenFiles = Written<{
  description: string;
  templates: Named<boolean>;
  env: Named<Variable>;
  files: Named<WrittenFile>;
  policy: Named<Policy>;
  health: Named<WrittenHealthCheck>;
  brake: WrittenBrake;
  confirm: Named<true>;
}>;

/** schools/<host>.yaml. */
export type WrittenSchool = WrittenState & Written<{ groups: readonly string[] }>;

/** The words of which a file has at most one, and a health check exactly one. */
export const CONTENT_WORDS = ["directory", "absent", "link", "copy", "template"] as const;
export const PROBE_WORDS = ["file", "http", "tcp", "dns", "exec"] as const;

/** The words that only mean something beside one of these. */
export const PROBE_COMPANIONS = { contains: ["file", "http"], status: ["http"], server: ["dns"] } as const;
