// A path of a file that decides whom we trust in, a Problem out when others could have written (or read) it.
import { statSync, type Stats } from "node:fs";
import { isAbsolute } from "node:path";
import type { Problem } from "../../common/problem.ts";
import { errorCode } from "./error-code.ts";

export interface Expectation {
  /** What the file is, as a person calls it: `the allowed-signers file`. */
  readonly role: string;
  /** Stands before the problem's code: `signers` gives `signers-missing`. */
  readonly code: string;
  /** A private key: nobody else may even read it. */
  readonly secret?: boolean;
}

/** Characters that mean the same to every shell and to every configuration file. */
const PLAIN_PATH = /^[A-Za-z0-9_./@+,:=-]+$/;

/** Problems: `<code>-path`, `<code>-denied`, `<code>-missing`, `<code>-owner`, `<code>-writable`, `<code>-readable`. */
export function checkTrustedFile(path: string, expectation: Expectation): Problem | undefined {
  const { role, code } = expectation;
  const told = (suffix: string, what: string, hint: string): Problem => ({
    code: `${code}-${suffix}`,
    where: { file: path },
    what: `${role} ${what}`,
    hint,
  });
  if (!isAbsolute(path) || !PLAIN_PATH.test(path)) {
    return told(
      "path",
      "has a path that cannot be used",
      "write an absolute path of letters, digits and . _ / - @ + , : =",
    );
  }
  const stat = look(path);
  if (stat === "denied") {
    return told("denied", "cannot be looked at: permission was denied", "run this as root, or put it elsewhere");
  }
  if (!stat?.isFile()) return told("missing", "is not there", "put it there, or correct the path in the configuration");
  if (stat.uid !== 0 && stat.uid !== process.getuid?.()) {
    return told("owner", `belongs to user ${stat.uid}, who could change it`, `chown root ${path}`);
  }
  if ((stat.mode & 0o022) !== 0) return told("writable", "can be written by others", `chmod go-w ${path}`);
  if (expectation.secret === true && (stat.mode & 0o077) !== 0) {
    return told("readable", "can be read by others", `chmod 600 ${path}`);
  }
  return undefined;
}

/** Whatever else than permission stands in the way, nothing usable is there. */
function look(path: string): Stats | "denied" | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    return errorCode(error) === "EACCES" ? "denied" : undefined;
  }
}
