// What happened to a service as a line for a person.
import { printable } from "../../common/printable.ts";
import type { Phase } from "./service.ts";

export function describePhase(name: string, phase: Phase): string {
  const title = printable(name);
  switch (phase.type) {
    case "running":
      return `${title} runs (process ${phase.pid})`;
    case "waiting":
      return `${title} ended (${printable(phase.how)}) and is started again soon`;
    case "over":
      return `${title} ended (${printable(phase.how)})`;
    case "stopped":
      return `${title} is stopped`;
  }
}
