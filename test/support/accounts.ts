// The account files of a small server, and what a run does with changes of accounts: prepare, perform, settle, and back.
import { roomFor } from "../../reconciler/apply/room.ts";
import type { Machine } from "../../reconciler/machine/machine.ts";
import { ABSENT } from "../../reconciler/model/absent.ts";
import type { GroupState, User, UserState } from "../../reconciler/model/account-state.ts";
import type { Change } from "../../reconciler/model/plan.ts";
import { idOf, type State } from "../../reconciler/model/state.ts";
import { accountKind } from "../../reconciler/resources/account/account.ts";
import type { Step } from "../../reconciler/resources/kind.ts";
import type { Problem } from "../../common/problem.ts";
import { MemoryFiles } from "./memory-files.ts";

/** As Debian has them, with a person, lines that nobody can read, and bytes that are no UTF-8. */
export const ETC = {
  "/etc/passwd": [
    "root:x:0:0:root:/root:/bin/bash",
    "daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin",
    "www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin",
    "old:x:150:150:Jos\xe9:/var/lib/old:/usr/sbin/nologin",
    "",
    "# kept by hand",
    "broken line without colons",
    "tech:x:160:160::/var/lib/tech:/bin/sh",
    "teacher:x:1000:1000:Teacher,,,:/home/teacher:/bin/bash",
    "homely:x:170:170::/home/homely:/bin/sh",
    "+::::::",
    "",
  ].join("\n"),
  "/etc/group": [
    "root:x:0:",
    "daemon:x:1:",
    "adm:x:4:old,teacher",
    "www-data:x:33:",
    "old:x:150:",
    "tech:x:160:",
    "homely:x:170:",
    "staff:x:1000:",
    "nogroup:x:65534:",
    "",
  ].join("\n"),
  "/etc/shadow": [
    "root:$y$j9T$abc$def:19000:0:99999:7:::",
    "daemon:*:19000:0:99999:7:::",
    "www-data:*:19000:0:99999:7:::",
    "old:!:19000::::::",
    "tech:!$6$salt$hash:19000:0:99999:7:::",
    "teacher:$6$salt$hash:19000:0:99999:7:::",
    "homely:!:19000::::::",
    "",
  ].join("\n"),
  "/etc/gshadow": [
    "root:*::",
    "daemon:*::",
    "adm:*:old:old,teacher",
    "www-data:*::",
    "old:!::",
    "tech:!::",
    "homely:!::",
    "staff:*::",
    "nogroup:*::",
    "",
  ].join("\n"),
} as const;

export function memoryEtc(files = new MemoryFiles()): MemoryFiles {
  for (const [path, text] of Object.entries(ETC)) {
    files.put(path, Buffer.from(text, "latin1"), path.includes("shadow") ? { mode: 0o640, gid: 42 } : { mode: 0o644 });
  }
  return files;
}

export function memoryMachine(files: MemoryFiles, more: Partial<Machine> = {}): Machine {
  const none = { code: undefined, ended: "not-found", stdout: Buffer.alloc(0), stderr: "" };
  let nowMs = 0;
  return {
    files,
    store: { files: new MemoryFiles(), hostPath: (path) => path },
    // A minute passes with every look, so that nobody waits in a test.
    clock: { wallMs: () => Date.now(), monotonicMs: () => (nowMs += 60_000) },
    live: true,
    privileged: true,
    hostPath: (path) => path,
    query: () => Promise.resolve(none),
    run: () => Promise.resolve(none),
    ...more,
  };
}

export function group(name: string, before: GroupState | number, after: GroupState | number): Change {
  return changeOf("group", name, groupState(before), groupState(after));
}

export function user(name: string, before: UserState, after: UserState): Change {
  return changeOf("user", name, before, after);
}

/** A user with a group of its own, as a service has it. */
export function service(uid: number, group: string, more: Partial<User> = {}): User {
  return { type: "user", uid, group, groups: [], ...more };
}

export const NONE = ABSENT;

function groupState(words: GroupState | number): GroupState {
  return typeof words === "number" ? { type: "group", gid: words } : words;
}

function changeOf(kind: "group" | "user", name: string, before: State, after: State): Change {
  return { id: idOf(kind, name), before, after, why: "new", standing: "pending" };
}

/** One of every kind of change: made, changed, joined, removed. */
const CHANGES: readonly Change[] = [
  group("kiwix", NONE, 300),
  group("media", NONE, 301),
  user("kiwix", NONE, service(310, "kiwix", { groups: ["adm", "media"], home: "/var/lib/kiwix" })),
  user(
    "www-data",
    service(33, "www-data", { home: "/var/www", shell: "/usr/sbin/nologin" }),
    service(33, "www-data", { groups: ["media"], home: "/srv/www" }),
  ),
  user("old", service(150, "old", { groups: ["adm"] }), NONE),
  group("old", 150, NONE),
];

export function stepsOf(changes: readonly Change[] = CHANGES): readonly Step[] {
  return accountKind.steps(changes, "r1", 0);
}

/** As apply does it; stops at the first problem. */
export async function perform(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]> {
  const early = [
    ...roomFor(machine, [[accountKind, steps]]),
    ...(await accountKind.prepare(machine, steps, new Map())),
  ];
  if (early.length > 0) return early;
  const done: Step[] = [];
  const problems = await accountKind.perform(machine, steps, {
    signal: new AbortController().signal,
    contents: new Map(),
    earlier: new Set(),
    done: async (step) => void done.push(step),
  });
  return problems.length > 0 ? problems : accountKind.settle(machine, steps);
}

/** As a walk back does it. */
export async function undo(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]> {
  const problems = await accountKind.undo(machine, steps.toReversed());
  return [...problems, ...(await accountKind.settle(machine, steps))];
}

export async function release(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]> {
  const problems = steps.flatMap((step) => accountKind.release(machine, step));
  return [...problems, ...(await accountKind.settle(machine, steps))];
}
