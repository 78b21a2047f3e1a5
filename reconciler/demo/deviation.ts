// Something that did not come out as the story tells it.

export class Deviation extends Error {
  constructor(what: string) {
    super(what);
    this.name = "Deviation";
  }
}

/** Ends the story when it is not so; `what` says what is expected, as a sentence. */
export function expect(isSo: boolean, what: string): void {
  if (!isSo) throw new Deviation(`It should be so, and is not: ${what}`);
}

/** The same for a value; both are told when they differ. */
export function expectValue(seen: unknown, wanted: unknown, what: string): void {
  if (seen !== wanted) throw new Deviation(`${what} should be ${shown(wanted)}, and is ${shown(seen)}.`);
}

function shown(value: unknown): string {
  return value === "" ? "nothing" : String(value);
}
