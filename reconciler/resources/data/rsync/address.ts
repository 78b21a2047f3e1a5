// Where an item comes from by rsync in, the words that rsync is given for it out, if they can mean nothing else.
import { printable } from "../../../../common/printable.ts";
import { refuse, succeed, type Result } from "../../../../common/problem.ts";

export interface RsyncSource {
  /** For rsync, without a slash at its end. */
  readonly from: string;
  /** On this machine: an absolute path, such as that of a stick. */
  readonly local: boolean;
}

const DAEMON = /^rsync:\/\/[A-Za-z0-9][A-Za-z0-9.-]*(?::\d{1,5})?\/[^/\0-\x1f][^\0-\x1f]*$/u;
const SSH = /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9_./~][A-Za-z0-9_./~@%+,=-]*$/u;
const LOCAL = /^\/[^\0-\x1f]*$/u;

export function rsyncSource(url: string): Result<RsyncSource> {
  const from = url.replace(/\/+$/u, "");
  const isPlain = !from.split("/").includes("..");
  if (isPlain && DAEMON.test(from)) return succeed({ from, local: false });
  // Anything with "://" is no host and path.
  if (isPlain && !from.includes("://") && SSH.test(from)) return succeed({ from, local: false });
  if (isPlain && LOCAL.test(from)) return succeed({ from, local: true });
  return refuse({
    code: "data-address",
    what: `this is no address for rsync: ${printable(url)}`,
    hint: "write rsync://host/module/path, host:path or an absolute path",
  });
}
