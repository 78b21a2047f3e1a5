// What strace wrote down in, the calls of the program's own threads out, in their order.

export interface Call {
  readonly thread: number;
  readonly name: string;
  /** All that stands behind the bracket, the answer too where it came at once. */
  readonly rest: string;
}

const BEGUN = /^(\d+) +([a-z_0-9]+)\((.*)$/u;
const ENDED = /^(\d+) +<\.\.\. [a-z_0-9]+ resumed>(.*)$/u;
const NEW_THREAD = /CLONE_THREAD.*\) = (\d+)$/u;

/** What was interrupted by another thread's call is put together again. */
export function readLog(text: string): readonly Call[] {
  const calls: Call[] = [];
  const open = new Map<string, number>();
  for (const line of text.split("\n")) {
    const [, thread = "", name = "", rest = ""] = BEGUN.exec(line) ?? [];
    if (name !== "") open.set(thread, calls.push({ thread: Number(thread), name, rest }) - 1);
    const [, same = "", end = ""] = ENDED.exec(line) ?? [];
    const begun = calls[open.get(same) ?? -1];
    if (begun !== undefined)
      calls[open.get(same) ?? -1] = { ...begun, rest: begun.rest.replace(" <unfinished ...>", "") + end };
  }
  return calls;
}

/** The path behind a descriptor that is a call's first argument, or what else it is (`pipe:[17]`). */
export function openFile({ rest }: Call): string | undefined {
  return /^\d+<(.*?)>(?:,|\)| <unfinished)/u.exec(rest)?.[1];
}

/** Of a whole trace: the first thread, and the only other one of its process that works with files. */
export function threadsOf(calls: readonly Call[]): { readonly main: number; readonly pool: number } {
  const main = calls[0]?.thread ?? 0;
  const threads = calls.flatMap(({ rest }) => NEW_THREAD.exec(rest)?.[1] ?? []).map(Number);
  const busiest = threads.toSorted((one, other) => countOf(calls, other) - countOf(calls, one));
  return { main, pool: busiest[0] ?? 0 };
}

/** The thread that made most of these calls. */
export function busiestOf(calls: readonly Call[]): number {
  const threads = [...new Set(calls.map(({ thread }) => thread))];
  return threads.toSorted((one, other) => countOf(calls, other) - countOf(calls, one))[0] ?? 0;
}

export function countOf(calls: readonly Call[], thread: number): number {
  return calls.filter((call) => call.thread === thread).length;
}
