// A file operation that may fail in; what went wrong out, as problems instead of exceptions.
import { describeFileError } from "../../machine/file-problem.ts";
import { FileError } from "../../machine/machine.ts";
import type { Problem } from "../../../common/problem.ts";

export function telling(act: () => readonly Problem[]): readonly Problem[] {
  try {
    return act();
  } catch (error) {
    return tell(error);
  }
}

export async function tellingLater(act: () => Promise<readonly Problem[]>): Promise<readonly Problem[]> {
  try {
    return await act();
  } catch (error) {
    return tell(error);
  }
}

/** Anything but trouble with a file is a surprise, and goes up. */
function tell(error: unknown): readonly Problem[] {
  if (error instanceof FileError) return [describeFileError(error)];
  throw error;
}
