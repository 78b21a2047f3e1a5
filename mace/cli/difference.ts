// Old and new bytes of one file in, a unified diff for people out.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";

/** Of two texts. Binary files and texts that differ too much to be compared in two seconds are only named. */
export function difference(path: string, before: Buffer | undefined, after: Buffer): string {
  if (before?.includes(0) === true || after.includes(0)) return `Binary files differ: ${path}\n`;
  const [old, now] = [before?.toString("utf8") ?? "", after.toString("utf8")];
  const options = { context: 3, timeout: 2000, headerOptions: FILE_HEADERS_ONLY };
  const name = before === undefined ? "/dev/null" : path;
  return (
    createTwoFilesPatch(name, path, old, now, undefined, undefined, options) ?? `Files differ in most lines: ${path}\n`
  );
}
