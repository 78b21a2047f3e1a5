// The users and groups that a name in the desired state can mean on this server.
import { createHash } from "node:crypto";
import { describeFileError } from "./machine/file-problem.ts";
import { FileError, type MachineReader } from "./machine/machine.ts";
import { refuse, succeed, type Result } from "../common/problem.ts";

export interface Accounts {
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
  /** Changes whenever a name may mean something else. */
  readonly digest: string;
}

/**
 * Reads /etc/passwd and /etc/group of the managed root; a root without them (a trial, an image in the making) knows
 * only the super-user.
 */
export async function readAccounts(machine: MachineReader): Promise<Result<Accounts>> {
  try {
    const [passwd, group] = [await textIfAny(machine, "/etc/passwd"), await textIfAny(machine, "/etc/group")];
    const digest = createHash("sha256").update(`${passwd ?? ""}\0${group ?? ""}`);
    return succeed({
      users: idsByName(passwd ?? "root:x:0:0"),
      groups: idsByName(group ?? "root:x:0:"),
      digest: digest.digest("hex"),
    });
  } catch (error) {
    if (error instanceof FileError) return refuse(describeFileError(error));
    throw error;
  }
}

const LIMIT = 4 * 1024 * 1024;

async function textIfAny(machine: MachineReader, path: string): Promise<string | undefined> {
  try {
    return (await machine.files.read(path, LIMIT)).toString();
  } catch (error) {
    if (error instanceof FileError && ["ENOENT", "ENOTDIR"].includes(error.code)) return undefined;
    throw error;
  }
}

/** Both files have the name first and the number third. */
function idsByName(text: string): ReadonlyMap<string, number> {
  const ids = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [name = "", , id = ""] = line.split(":");
    if (/^\d+$/u.test(id) && !ids.has(name)) ids.set(name, Number(id));
  }
  return ids;
}

/** The number that a name or a number in text stands for. */
export function idOf(word: string, ids: ReadonlyMap<string, number>): number | undefined {
  return /^\d{1,10}$/u.test(word) ? Number(word) : ids.get(word);
}
