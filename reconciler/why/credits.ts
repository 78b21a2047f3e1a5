// A revision and files of it in; for each of their lines the commit that wrote it last, out.
import type { Revision } from "../model/revision.ts";
import { TEMPLATES } from "../render/rendered.ts";
import type { Mirror } from "../source/mirror.ts";
import type { Credit } from "./explanation.ts";

/** Lines count from 1. Undefined where git cannot tell, and for what ships with the program. */
export type Credits = (file: string, line: number) => Credit | undefined;

/** One after the other: asking git is work for this server's processor, not waiting. */
export async function creditsOf(mirror: Mirror, revision: Revision, files: readonly string[]): Promise<Credits> {
  const known = new Map<string, readonly Credit[]>();
  for (const file of files) {
    if (!file.startsWith(`${TEMPLATES}/`)) known.set(file, await mirror.blame(revision.commit, file));
  }
  return (file, line) => known.get(file)?.[line - 1];
}
