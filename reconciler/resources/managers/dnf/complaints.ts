// What dnf's shell wrote to its error output in; why a transaction cannot be out.

/** Said of what is asked only for show, or told by name elsewhere. */
const EXPECTED = /Operation aborted|Unable to find a match|No packages marked|Cache-only enabled but no cache/u;

/** The solver's own explanation, or else the errors that are none of the usual ones; empty when there are none. */
export function explanationOf(stderr: string): string {
  const lines = stderr.split("\n");
  const solver = [...new Set(lines.filter((line) => /^ (Problem|\s*- )/u.test(line)))];
  if (solver.length > 0) return solver.map((line) => line.slice(1)).join("\n");
  return lines.filter((line) => line.startsWith("Error:") && !EXPECTED.test(line)).join("\n");
}

/** Repositories that did not answer, with what was said about each. */
export function silentRepositories(stderr: string): ReadonlyMap<string, string> {
  const silent = new Map<string, string>();
  for (const line of stderr.split("\n")) {
    const [, name, why] = /^Error: Failed to download metadata for repo '([^']+)': (.*)$/u.exec(line) ?? [];
    if (name !== undefined && why !== undefined) silent.set(name, why);
  }
  return silent;
}
