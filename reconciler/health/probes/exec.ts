// Whether a program that only looks ends with exit code 0.
import { oneLine, seconds } from "../words.ts";
import type { CommandResult, MachineReader, Reached } from "../../machine/machine.ts";
import type { Probe } from "../../model/health.ts";

const MOST_OUTPUT = 64 * 1024;

/** The detail is how the program ended and the last line of what it complained about. */
export async function probeExec(
  probe: Extract<Probe, { type: "exec" }>,
  look: Pick<MachineReader, "query">,
  timeoutMs: number,
): Promise<Reached> {
  const result = await look.query(probe.argv, { timeoutMs, outputLimit: MOST_OUTPUT });
  if (result.code === 0) return { ok: true, detail: "" };
  const complaint = lastLine(result.stderr);
  const ending = endingWords(result, timeoutMs);
  return { ok: false, detail: oneLine(complaint === "" ? ending : `${ending}: ${complaint}`) };
}

function endingWords(result: CommandResult, timeoutMs: number): string {
  if (result.code !== undefined) return `exit code ${result.code}`;
  switch (result.ended) {
    case "timeout":
      return `no answer within ${seconds(timeoutMs)}`;
    case "output-limit":
      return "printed too much";
    case "not-found":
      return "the program is not installed";
    case "not-permitted":
      return "the program may not be run";
    default:
      return `ended by ${result.ended ?? "something unknown"}`;
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split("\n").at(-1) ?? "";
}
