// Waits until the person at the terminal has seen enough.

/** Resolves at the first Ctrl-C (or SIGTERM, SIGHUP). A second one ends the process at once; the journal is for that. */
export function ctrlC(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, ask);
  });
}
