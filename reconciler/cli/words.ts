// Small parts of which the command line's descriptions are made.
import { printable } from "../../common/printable.ts";
import { InvalidArgumentError } from "commander";

/** Of an option's argument. */
export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/u.test(text)) throw new InvalidArgumentError(`${printable(text)} is not a whole number`);
  return Number(text);
}

/** At the end of a verb's help. */
export function example(words: string, meaning: string): string {
  return `\nExample:\n  $ ${words}\n  ${meaning}\n`;
}
