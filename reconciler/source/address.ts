// Text that names a repository in, an address that git may be given out. An allow-list: what it does not know, it refuses.
import { pathToFileURL } from "node:url";
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";

/** Where a repository is. `url` is safe as an argument of git and never holds a password or token. */
export interface Address {
  readonly scheme: "https" | "http" | "ssh" | "file";
  /** What git is given: a URL, or `user@host:path`. */
  readonly url: string;
  /** User and password of an https address, decoded. They travel in the environment, never as an argument. */
  readonly credentials?: { readonly user: string; readonly password: string };
}

export interface Allowance {
  /** Whether `http://` may lead off this machine. */
  readonly plainHttp: boolean;
}

const LONGEST = 2048;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;
const HELPER = /^[A-Za-z0-9+.-]*::/;
const HOST = /^(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/;
const USER = /^[A-Za-z0-9_][A-Za-z0-9._+-]*$/;
const SCP = /^([^@/:\s]+)@([^@/:\s[\]]+|\[[^\]\s]+\]):([^\s]+)$/;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const FORMS = "write https://host/fleet.git, ssh://user@host/fleet.git, user@host:fleet.git or /srv/git/fleet.git";

/** Problems: `address-refused` for anything outside the allow-list, `address-plain-http` for http to another machine. */
export function checkAddress(url: string, allow: Allowance): Result<Address> {
  if (url === "" || url.length > LONGEST) return refused(`must have 1 to ${LONGEST} characters`);
  if (CONTROL.test(url)) return refused("contains a control character");
  if (url.startsWith("-")) return refused("begins with “-”, so git would take it for an option");
  if (HELPER.test(url)) return refused("names a transport helper (“::”), which could run any program");
  if (url.includes("\\")) return refused("contains a backslash");
  if (url.startsWith("/")) return succeed({ scheme: "file", url: pathToFileURL(url).href });
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return checkUrl(url, allow);
  return checkScpLike(url);
}

/** The address as it may be printed: credentials are replaced. */
export function redacted(address: Address): string {
  return address.credentials === undefined ? address.url : address.url.replace("://", "://***@");
}

function checkUrl(text: string, allow: Allowance): Result<Address> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || /^(?:https?|ssh):\/{3}/i.test(text)) return refused("is not a URL with a host");
  if (url.search !== "" || url.hash !== "") return refused("has a query or a fragment");
  switch (url.protocol) {
    case "https:":
      return checkWeb(url, "https");
    case "http:":
      return allow.plainHttp || LOOPBACK.test(url.hostname) ? checkWeb(url, "http") : plainHttpRefused(url.host);
    case "ssh:":
      return checkSsh(url);
    case "file:":
      return url.host === ""
        ? succeed({ scheme: "file", url: url.href })
        : refused("is a file:// URL with a host name");
    default:
      return refused(`uses ${url.protocol}//, which is not one of https, ssh and file`);
  }
}

function checkWeb(url: URL, scheme: "https" | "http"): Result<Address> {
  if (!HOST.test(url.hostname)) return refused("has a host name that is not one");
  const clean = `${url.protocol}//${url.host}${url.pathname}`;
  if (url.username === "" && url.password === "") return succeed({ scheme, url: clean });
  const credentials = { user: decoded(url.username), password: decoded(url.password) };
  if (credentials.user === undefined || credentials.password === undefined) return refused("has broken %-escapes");
  if (scheme === "http" && !LOOPBACK.test(url.hostname)) return refused("would send its password over plain http");
  return succeed({ scheme, url: clean, credentials: { user: credentials.user, password: credentials.password } });
}

function decoded(text: string): string | undefined {
  try {
    const plain = decodeURIComponent(text);
    return CONTROL.test(plain) ? undefined : plain;
  } catch {
    return undefined;
  }
}

function checkSsh(url: URL): Result<Address> {
  if (url.password !== "") return refused("holds a password; ssh uses a key");
  if (url.username !== "" && !USER.test(url.username)) return refused("has a user name that is not one");
  if (!HOST.test(url.hostname)) return refused("has a host name that is not one");
  if (url.pathname.startsWith("/-")) return refused("has a path that begins with “-”");
  return succeed({ scheme: "ssh", url: url.href });
}

function checkScpLike(text: string): Result<Address> {
  const [, user = "", host = "", path = ""] = SCP.exec(text) ?? [];
  if (!USER.test(user) || !HOST.test(host) || path.startsWith("-")) return refused("is not an address of a repository");
  return succeed({ scheme: "ssh", url: text });
}

function refused(why: string): Result<Address> {
  return refuse({ code: "address-refused", what: `the address of the repository ${why}`, hint: FORMS });
}

function plainHttpRefused(host: string): Result<Address> {
  const problem: Problem = {
    code: "address-plain-http",
    what: `http://${host} is not encrypted: anybody on the way could change what this server becomes`,
    hint: "use https:// or ssh://, or allow plain http for this remote when the network is your own",
  };
  return refuse(problem);
}
