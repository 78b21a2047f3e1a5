// The few colours of the log, or none.
import picocolors from "picocolors";

export interface Paint {
  readonly good: (text: string) => string;
  readonly careful: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly quiet: (text: string) => string;
}

export function createPaint(colour: boolean): Paint {
  const { green, yellow, red, dim } = picocolors.createColors(colour);
  return { good: green, careful: yellow, bad: red, quiet: dim };
}
