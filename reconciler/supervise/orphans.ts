// Children of a supervisor that was killed still run: they are noted while they run, and ended before the next start.
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { birthOf } from "../machine/birth.ts";
import { endGroup } from "../machine/process-group.ts";

export interface Children {
  note(name: string, pid: number): void;
  forget(name: string): void;
  /** Ends those of an earlier supervisor that are still there. */
  endAll(): Promise<void>;
}

/** `folder` is on this machine and holds nothing else. */
export function notedChildren(folder: string): Children {
  const forget = (name: string): void => rmSync(join(folder, name), { force: true });
  return {
    note: (name, pid) => writeFileSync(join(folder, name), `${pid} ${birthOf(pid) ?? ""}\n`, { mode: 0o600 }),
    forget,
    async endAll() {
      for (const name of readdirSync(folder)) {
        const [pid = "", birth] = readFileSync(join(folder, name), "utf8").trim().split(" ");
        if (birth !== undefined && birth === birthOf(Number(pid))) await endGroup(Number(pid));
        forget(name);
      }
    },
  };
}
