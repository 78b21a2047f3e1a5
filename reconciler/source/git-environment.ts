// Where git may keep its own things and what it may reach in, the environment and settings of one git process out.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** How one call reaches another repository. A call without it reaches none. */
export interface Transport {
  /** The only protocol this call may speak. */
  readonly scheme: "https" | "http" | "ssh" | "file";
  /** Value of GIT_SSH_COMMAND. */
  readonly ssh?: string;
  readonly credentials?: { readonly user: string; readonly password: string };
}

/** Given with every call, so nothing that lies in a repository or in a home directory can change them. */
export const SETTINGS: readonly string[] = [
  "core.hooksPath=/dev/null",
  "core.fsync=committed,reference",
  "core.logAllRefUpdates=false",
  "transfer.fsckObjects=true",
  "fetch.fsckObjects=true",
  // One pack and no loose objects for each update: two files to bring to disk, and few for a power cut to tear.
  "fetch.unpackLimit=1",
  "fetch.recurseSubmodules=false",
  "fetch.writeCommitGraph=false",
  "protocol.version=2",
  "gc.auto=0",
  "maintenance.auto=false",
  "http.lowSpeedLimit=200",
  "http.lowSpeedTime=45",
  "i18n.logOutputEncoding=UTF-8",
  "log.showSignature=false",
  "log.mailmap=false",
];

const HANDED_ON = ["http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY"];
const CERTIFICATES = ["SSL_CERT_FILE", "SSL_CERT_DIR"];
const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** All of a git process's environment; nothing of ours is handed on but PATH, proxies and certificates. */
export function gitEnvironment(home: string, transport?: Transport): Record<string, string> {
  return {
    ...handedOn(),
    PATH: process.env["PATH"] ?? SYSTEM_PATH,
    LC_ALL: "C",
    HOME: home,
    XDG_CONFIG_HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: settingsFile(home),
    GIT_ATTR_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_ALLOW_PROTOCOL: transport?.scheme ?? "none",
    ...(transport?.ssh === undefined ? {} : { GIT_SSH_COMMAND: transport.ssh, GIT_SSH_VARIANT: "ssh" }),
    ...authorization(transport),
  };
}

/** Makes git's home, with the only setting that git takes from nowhere else. */
export function makeGitHome(home: string): void {
  const text = "[safe]\n\tdirectory = *\n";
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const present = readText(settingsFile(home));
  if (present !== text) writeFileSync(settingsFile(home), text, { mode: 0o600 });
}

/**
 * The far side of a file:// fetch forgets what was given with -c, and refuses a repository of another user unless
 * this file allows it. An administrator who writes such an address means it.
 */
function settingsFile(home: string): string {
  return join(home, "gitconfig");
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function handedOn(): Record<string, string> {
  const names = [...HANDED_ON, ...CERTIFICATES];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/**
 * Credentials as a header in the environment: arguments can be read by every user of the machine. Redirects are
 * refused then, because the header would go along to the other host.
 */
function authorization(transport: Transport | undefined): Record<string, string> {
  if (transport?.credentials === undefined) return {};
  const { user, password } = transport.credentials;
  const basic = Buffer.from(`${user}:${password}`, "utf8").toString("base64");
  return {
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: "http.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}`,
    GIT_CONFIG_KEY_1: "http.followRedirects",
    GIT_CONFIG_VALUE_1: "false",
  };
}
