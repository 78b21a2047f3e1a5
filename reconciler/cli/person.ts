// Who asks: the login name of the person at this terminal.
import { userInfo } from "node:os";
import { printable } from "../../common/printable.ts";

const LONGEST = 64;

/** Behind sudo, who called it. Printable and short, whatever the environment holds. */
export function whoAsks(env: Readonly<Record<string, string | undefined>> = process.env): string {
  return printable((env["SUDO_USER"] ?? "") || loginName()).slice(0, LONGEST);
}

/** A user without an entry in the list of accounts has only a number. */
function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? "unknown"}`;
  }
}
