// Files in; the same files behind a door that may be watched, locked or walled up while a run goes through it.
import type { Files } from "../../reconciler/machine/machine.ts";

/** A call of one of the methods of Files. */
export interface Knock {
  /** Whose files. */
  readonly of: string;
  readonly call: keyof Files;
  readonly given: readonly unknown[];
}

/** May throw, or say what is answered instead. */
export type Doorkeeper = (knock: Knock) => { readonly instead: unknown } | undefined;

const LOOKS: ReadonlySet<string> = new Set(["stat", "stats", "read", "digest", "readLink", "list", "space"]);
const WAITS: ReadonlySet<string> = new Set([
  ...["read", "digest", "create", "copyIn", "append", "syncDirectory", "copyAttributes", "copyAttributesOfMany"],
]);
const GROWS: ReadonlySet<string> = new Set([
  "create",
  "copyIn",
  "append",
  "jot",
  "makeDirectory",
  "makeSymlink",
  "link",
]);

export function changes({ call }: Knock): boolean {
  return !LOOKS.has(call);
}

/** Whoever knocks waits for an answer. */
export function waits({ call }: Knock): boolean {
  return WAITS.has(call);
}

/** It takes room on the disk. */
export function grows({ call }: Knock): boolean {
  return GROWS.has(call);
}

/** The keeper is asked at every knock, so that another may come while the files are in use. */
export function behindDoor(files: Files, of: string, keeper: Doorkeeper): Files {
  return new Proxy(files, {
    get(target, call: keyof Files) {
      const act = Reflect.get(target, call) as (...given: readonly unknown[]) => unknown;
      return (...given: readonly unknown[]) => {
        const answer = keeper({ of, call, given });
        return answer === undefined ? act.apply(target, [...given]) : answer.instead;
      };
    },
  });
}
