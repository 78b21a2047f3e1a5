// An error of the operating system in, the FileError that names the operation and the caller's own path out.
import { FileError } from "./machine.ts";

/** Runs one file operation; what goes wrong with the file is thrown as FileError, anything else as it is. */
export function attempt<T>(operation: string, path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw asFileError(error, operation, path);
  }
}

/** The same for an operation that takes its time. */
export async function attemptLater<T>(operation: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw asFileError(error, operation, path);
  }
}

/** `ENOENT` and the like; undefined when the error is not one of the operating system's (or a FileError). */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}

/** Whether the error says that there is nothing at the path, or that something on the way is not a directory. */
export function saysAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

function asFileError(error: unknown, operation: string, path: string): unknown {
  if (error instanceof FileError) return error;
  const code = codeOf(error);
  return code === undefined ? error : new FileError(code, operation, path);
}
