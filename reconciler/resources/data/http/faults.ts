// Why a download did not come, in words for whoever has to do something.
import { printable } from "../../../../common/printable.ts";
import type { Problem } from "../../../../common/problem.ts";
import { shown } from "./address.ts";

export function refused(url: URL, why: string): Problem {
  return {
    code: "data-refused",
    what: `${shown(url)} cannot be had: ${why}`,
    hint: "look whether the address is right and the file is still there (curl -I)",
  };
}

export function unreachable(url: URL, why: string): Problem {
  return {
    code: "data-unreachable",
    what: `${shown(url)} cannot be had now: ${printable(why)}`,
    hint: "what has come so far is kept, and the next run goes on from there",
  };
}

export function wrongContent(url: URL): Problem {
  return {
    code: "data-digest",
    what: `what came from ${shown(url)} is not what the desired state names by its SHA-256`,
    hint: "if the file was replaced on purpose, write its new sha256; if not, somebody tampers with it",
  };
}

/** `size` is left out where it is only known that there are more. */
export function tooLarge(url: URL, maxBytes: number, size?: number): Problem {
  return {
    code: "data-too-large",
    what: `${shown(url)} has ${size ?? "more"} bytes; at most ${maxBytes} are allowed`,
    hint: "raise the largest size of this item, or choose something smaller",
  };
}
