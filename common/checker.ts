// A service's own checker and what it answered in; the command to run, and why it means no, out. Runs nothing itself.

/** A service's own checker of one file. */
export interface Checker {
  /** In which `{file}` stands for the staged file and `{main}` for the main configuration beside it. */
  readonly argv: readonly string[];
  /** Paths on the server without which it cannot run: where one is missing, the file counts as not checked. */
  readonly needs?: readonly string[];
  /** It judges rightly only as root: anybody else is told that the file was not checked. */
  readonly asRoot?: true;
  /** Text of a small main configuration, with `{file}` where it includes the file. */
  readonly main?: string;
  /** Final paths of the service's other files, by the words that stand for them in `main`: `modules` for `{modules}`. */
  readonly beside?: Readonly<Record<string, string>>;
  /** Regular expressions over single lines of its output that mean no, whatever the exit code. */
  readonly refuses?: readonly string[];
}

export interface CheckerCall {
  readonly argv: readonly string[];
  /** Text of the small main configuration that has to lie at `main` while the checker runs; its name ends as the file's. */
  readonly main?: string;
}

export interface CheckerResult {
  /** Exit code; undefined when the checker was ended by a signal. */
  readonly code: number | undefined;
  /** Everything that it printed. */
  readonly output: string;
}

/** What may stand in any configuration without quotes. */
const PLAIN_PATH = /^[A-Za-z0-9_./~+-]+$/;
const LONGEST_LINE = 2000;

/**
 * `file` and `main` are the paths of the staged file and of the main configuration to be written beside it; `copyOf`
 * finds the staged copy of another final file of the service, where there is one. Undefined when a path cannot be
 * written into a configuration.
 */
export function checkerCall(
  checker: Checker,
  file: string,
  main: string,
  copyOf: (path: string) => string = (path) => path,
): CheckerCall | undefined {
  const argv = checker.argv.map((word) => word.replaceAll("{file}", () => file).replaceAll("{main}", () => main));
  if (checker.main === undefined) return { argv };
  const words = Object.entries({ ...checker.beside }).map(([word, path]) => [word, copyOf(path)] as const);
  const paths = new Map([...words, ["file", file]]);
  if (![...paths.values()].every((path) => PLAIN_PATH.test(path))) return undefined;
  return {
    argv,
    main: checker.main.replace(/\{([a-z][a-z0-9-]*)\}/g, (mark, word: string) => paths.get(word) ?? mark),
  };
}

/** `exit 1`, or the line that means no although the exit code is 0; undefined when the checker has nothing against it. */
export function refusalOf({ refuses = [] }: Checker, { code, output }: CheckerResult): string | undefined {
  if (code === undefined) return "was ended by a signal";
  if (code !== 0) return `exit ${code}`;
  const patterns = refuses.map((pattern) => new RegExp(pattern, "u"));
  const lines = output.split(/\r?\n/).map((line) => line.slice(0, LONGEST_LINE));
  return lines.find((line) => patterns.some((pattern) => pattern.test(line)));
}
