// A pid in, what tells its process from any other that ever had that pid out.
import { readFileSync } from "node:fs";
import { readBootId } from "./boot-id.ts";

/** The tick at which it began, and the boot; undefined when there is no such process. */
export function birthOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name of the program, in parentheses, may hold anything.
    const tick = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
    return `${tick}-${readBootId() ?? ""}`;
  } catch {
    return undefined;
  }
}
