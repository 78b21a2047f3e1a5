// Many things happening shortly after one another in, one call with all of them out.

export interface Debounce {
  add(what: string): void;
  /** Forgets what is waiting. */
  stop(): void;
}

export interface DebounceTimes {
  /** How long it has to be quiet. */
  readonly quietMs: number;
  /** How long the first thing waits at most. */
  readonly mostMs: number;
}

/** Distinct things waiting beyond this number are not kept: by then nobody reads the list. */
const MOST_KEPT = 1000;

export function createDebounce(times: DebounceTimes, call: (things: readonly string[]) => void): Debounce {
  const things = new Set<string>();
  let quiet: NodeJS.Timeout | undefined;
  let latest: NodeJS.Timeout | undefined;

  const stop = () => {
    clearTimeout(quiet);
    clearTimeout(latest);
    latest = undefined;
    things.clear();
  };
  const fire = () => {
    const told = [...things];
    stop();
    call(told);
  };
  return {
    add(what) {
      if (things.size < MOST_KEPT) things.add(what);
      clearTimeout(quiet);
      quiet = setTimeout(fire, times.quietMs);
      latest ??= setTimeout(fire, times.mostMs);
    },
    stop,
  };
}
