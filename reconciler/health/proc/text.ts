// A path in, its text out; what cannot be read says nothing.
import { FileError, type FileReader } from "../../machine/machine.ts";

/** More than the tables of a busy server, and no more than is read in a moment. */
const LARGEST = 4 * 1024 * 1024;

export async function textIfAny(files: Pick<FileReader, "read">, path: string): Promise<string> {
  try {
    return (await files.read(path, LARGEST)).toString("latin1");
  } catch (error) {
    if (error instanceof FileError) return "";
    throw error;
  }
}
