// The address of a page, a file or a tree on another machine in; what is wrong with it, if anything, out.
import type { Fault } from "./file-path.ts";

const NOT_A_URL = { what: "this is not an http address", hint: "write http://host/path or https://host/path" };
const SECRET = "the address has a name or a password in it";
const READ_BY_ALL = "everybody who can read the fleet would read it";

/** `instead` is what to do where the address has a password in it. */
export function faultOfUrl(text: string, instead: string): Fault | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:\/\//u.test(text)) return NOT_A_URL;
  if (url.username === "" && url.password === "") return undefined;
  return { what: SECRET, hint: `${READ_BY_ALL}; ${instead}` };
}

const FORMS = "write rsync://host/module/path, or host:/path over ssh";
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])$/u;
/** Nothing that a shell at the other end would take for more than a letter. */
const PLAIN = /^[A-Za-z0-9_./~+,=@%-]+$/u;

export function faultOfRsync(text: string): Fault | undefined {
  if (text.startsWith("-")) return { what: "rsync would take this address for an option", hint: FORMS };
  if (text.startsWith("/")) return { what: "this is a path on this server", hint: `write path: ${text}` };
  const [, scheme, rest = ""] = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/(.*)$/su.exec(text) ?? [];
  if (scheme === "rsync") return faultOfDaemon(rest);
  if (scheme !== undefined) return otherScheme(scheme, text);
  return faultOfSsh(text);
}

function otherScheme(scheme: string, text: string): Fault {
  const web = /^https?$/u.test(scheme);
  return { what: `rsync does not speak ${scheme}`, hint: web ? `write http: ${text}` : FORMS };
}

/** `host[:port]/module[/path]`. */
function faultOfDaemon(rest: string): Fault | undefined {
  const cut = rest.indexOf("/");
  const [place, path] = cut === -1 ? [rest, ""] : [rest.slice(0, cut), rest.slice(cut + 1)];
  if (place.includes("@")) return { what: SECRET, hint: `${READ_BY_ALL}; let rsync come over ssh: host:/path` };
  const [, host = "", port] = /^(.*?)(?::(\d{1,5}))?$/u.exec(place) ?? [];
  if (!HOST.test(host)) return { what: "the address names no host", hint: FORMS };
  if (!isPort(port)) return { what: `${port ?? ""} is not a port`, hint: "write one from 1 to 65535, or none" };
  if (path === "") return { what: "the address names no module of the rsync server", hint: FORMS };
  return faultOfFarPath(path, `rsync://${place}/`);
}

/** `[user@]host:path`. */
function faultOfSsh(text: string): Fault | undefined {
  const [, user, host = "", path = ""] = /^(?:([^@:/]+)@)?(\[[^\]]*\]|[^:/@]*):(.*)$/su.exec(text) ?? [];
  if (!HOST.test(host)) return { what: "this is not an address of rsync", hint: FORMS };
  if (user !== undefined && !/^[a-z_][a-z0-9_-]*$/u.test(user)) {
    return { what: "the name before the @ is not one of a user", hint: "write user@host:/path, or host:/path" };
  }
  if (path.startsWith(":")) {
    return { what: "the address has two colons", hint: `write rsync://${host}/${path.replace(/^:\/*/u, "")}` };
  }
  return path.startsWith("/")
    ? faultOfFarPath(path.slice(1), `${text.slice(0, -path.length)}/`)
    : { what: "the path on the other machine does not begin at /", hint: FORMS };
}

/** `before` is what stands before the path, for the hint. */
function faultOfFarPath(path: string, before: string): Fault | undefined {
  if (/^[/.]*$/u.test(path)) return { what: "the address names no file and no directory", hint: FORMS };
  if (!PLAIN.test(path)) {
    const hint = "use letters, digits and . _ - / + , = @ % ~ only: another machine may read the rest as a command";
    return { what: "the path of the address has letters that are not plain", hint };
  }
  const names = path.split("/");
  if (names.includes("..")) return { what: "the path of the address has .. in it", hint: "write where it leads to" };
  if (names.some((name) => name.startsWith("-"))) {
    return { what: "a name in the path begins with -", hint: "rename it on the other machine" };
  }
  const plain = names.filter((name) => name !== "" && name !== ".").join("/");
  return plain === path ? undefined : { what: "the address is not in its plain form", hint: `write ${before}${plain}` };
}

function isPort(digits: string | undefined): boolean {
  return digits === undefined || (Number(digits) >= 1 && Number(digits) <= 65535);
}
