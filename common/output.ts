// The streams that a program writes to in; work that is not cut off when nobody reads them any more out.

/**
 * `reconcile --now | head`, a terminal that was closed, a log on a full disk: the words are lost, and what was begun is
 * finished. Without this, the first word that cannot be written ends the process wherever it is.
 */
export function outliveReaders({ stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr">): void {
  for (const stream of [stdout, stderr]) stream.on("error", () => undefined);
}
