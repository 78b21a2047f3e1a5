// What a person wrote in; the settings with every default filled in, out. Nothing is judged here.
import { dirname, resolve } from "node:path";
import { templatesFolder } from "../package-paths.ts";
import type { Config, Remote, Trust } from "./config.ts";
import type { WrittenConfig, WrittenRemote } from "./written-config.ts";

export function normalize(file: string, written: WrittenConfig, machineName: string): Config {
  const absolute = (path: string): string => resolve(dirname(file), path);
  const state = absolute(written.state ?? "/var/lib/reconciler");
  return {
    file,
    host: written.host ?? firstLabel(machineName),
    remotes: Object.entries(written.remotes).map(([name, remote]) => toRemote(name, remote, absolute)),
    branch: written.branch ?? "main",
    trust: toTrust(written.trust, absolute),
    root: absolute(written.root ?? "/"),
    state,
    stateCopy: written.state_copy === undefined ? `${state}-copy` : absolute(written.state_copy),
    control: absolute(written.control ?? "/run/reconciler/control.sock"),
    templates: written.templates === undefined ? templatesFolder() : absolute(written.templates),
    http: toAddress(written.http?.listen ?? "127.0.0.1:9642"),
    intervalMs: inMs(written.interval_s, 300),
    splayMs: inMs(written.splay_s, 60),
    watch: written.watch ?? true,
    deadlines: toDeadlines(written.deadlines ?? {}),
    limits: toLimits(written.limits ?? {}),
  };
}

function firstLabel(machineName: string): string {
  return machineName.toLowerCase().split(".")[0] ?? "";
}

function toRemote(name: string, written: WrittenRemote, absolute: (path: string) => string): Remote {
  const { url, plain_http: plainHttp = false, identity_file: identity, known_hosts_file: knownHosts } = written;
  return {
    name,
    url: isAddress(url) ? url : absolute(url),
    plainHttp,
    ...(identity === undefined ? {} : { identityFile: absolute(identity) }),
    ...(knownHosts === undefined ? {} : { knownHostsFile: absolute(knownHosts) }),
  };
}

/** `scheme:...` and `user@host:path`; everything else is a path. */
export function isAddress(url: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/u.test(url) || /^[^/@]+@[^/:]+:/u.test(url);
}

function toTrust(written: WrittenConfig["trust"], absolute: (path: string) => string): Trust {
  if (written === "none") return { type: "none" };
  return { type: "signers", allowedSigners: absolute(written.allowed_signers) };
}

/** The schema has seen to its form. */
function toAddress(listen: string): Config["http"] {
  const colon = listen.lastIndexOf(":");
  return { host: listen.slice(0, colon).replace(/^\[|\]$/gu, ""), port: Number(listen.slice(colon + 1)) };
}

function toDeadlines(written: NonNullable<WrittenConfig["deadlines"]>): Config["deadlines"] {
  return {
    fetchMs: inMs(written.fetch_s, 120),
    cycleMs: inMs(written.cycle_s, 900),
    checkMs: inMs(written.check_s, 30),
    commandMs: inMs(written.command_s, 60),
    confirmMs: inMs(written.confirm_s, 120),
  };
}

function toLimits(written: NonNullable<WrittenConfig["limits"]>): Config["limits"] {
  return {
    fileBytes: written.file_bytes ?? 16 * 1024 * 1024,
    treeBytes: written.tree_bytes ?? 256 * 1024 * 1024,
    treeFiles: written.tree_files ?? 20_000,
    historyRuns: written.history_runs ?? 200,
    keptBytes: written.kept_bytes ?? 512 * 1024 * 1024,
    reserveBytes: written.reserve_bytes ?? 16 * 1024 * 1024,
  };
}

function inMs(seconds: number | undefined, defaultS: number): number {
  return Math.round((seconds ?? defaultS) * 1000);
}
