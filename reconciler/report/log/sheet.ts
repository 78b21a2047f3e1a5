// Lines of one cycle in, text out: kept back while the cycle may still turn out calm, written at once when it does not.
import type { Clock } from "../../machine/machine.ts";

export interface Sheet {
  begin(): void;
  /** Writes what was kept back under a heading, and from now on every line as it comes. */
  open(heading: string): void;
  isOpen(): boolean;
  /** Outside of a cycle lines are written at once. */
  put(...lines: readonly string[]): void;
  /** The heading is only needed when something was kept back that the cycle before did not say as well. */
  end(heading: string, summary: string): void;
}

const INDENT = " ".repeat(10);

export function createSheet(write: (text: string) => void, clock: Pick<Clock, "wallMs">): Sheet {
  let state: "idle" | "waiting" | "open" = "idle";
  let waiting: string[] = [];
  let former = { text: "", time: "" };

  const stamped = (line: string) => write(`${timeOfDay(clock.wallMs())}  ${line}\n`);
  const indented = (lines: readonly string[]) => {
    if (lines.length > 0) write(lines.map((line) => `${INDENT}${line}\n`).join(""));
  };
  const open = (heading: string) => {
    if (state === "open") return;
    state = "open";
    stamped(heading);
    indented(waiting);
  };
  return {
    begin() {
      state = "waiting";
      waiting = [];
    },
    open,
    isOpen: () => state === "open",
    put(...lines) {
      const [first, ...rest] = lines;
      if (first === undefined) return;
      if (state === "waiting") waiting.push(...lines);
      if (state === "idle") stamped(first);
      if (state !== "waiting") indented(state === "open" ? lines : rest);
    },
    end(heading, summary) {
      const text = state === "waiting" ? waiting.join("\n") : "";
      const again = text !== "" && text === former.text;
      if (text !== "" && !again) open(heading);
      stamped(again ? `${summary}  as at ${former.time}` : summary);
      if (!again) former = { text, time: timeOfDay(clock.wallMs()) };
      state = "idle";
    },
  };
}

/** `16:35:22`, where this server stands. */
function timeOfDay(wallMs: number): string {
  const date = new Date(wallMs);
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
