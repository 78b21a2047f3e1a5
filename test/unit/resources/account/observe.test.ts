// What a server has of users and groups.
import { expect, test } from "@jest/globals";
import type { ResourceId, State } from "../../../../reconciler/model/state.ts";
import type { Memory, Target } from "../../../../reconciler/model/target.ts";
import { accountKind } from "../../../../reconciler/resources/account/account.ts";
import { memoryEtc, memoryMachine, NONE, service } from "../../../support/accounts.ts";
import { MemoryFiles } from "../../../support/memory-files.ts";

function target(wanted: Readonly<Record<string, State>> = {}): Target {
  const rows = Object.entries(wanted).map(([id, state]) => [id as ResourceId, { state, policy: "enforce" }] as const);
  return { key: "desk", wanted: new Map(rows), health: [], brake: { maxRemovals: 10, maxShare: 1 } };
}

const NO_MEMORY: Memory = new Map();

async function observed(ids: readonly ResourceId[], files: MemoryFiles = memoryEtc()) {
  const { seen, problems } = await accountKind.observe(memoryMachine(files), ids, target(), NO_MEMORY);
  return { states: Object.fromEntries([...seen].map(([id, { state }]) => [id, state])), problems };
}

test("users with all their groups, groups with their numbers, and what is not there", async () => {
  const { states } = await observed(["user:old", "user:teacher", "user:nobody", "group:adm", "group:none"]);
  expect(states).toEqual({
    "user:old": {
      ...service(150, "old", { groups: ["adm"], home: "/var/lib/old", shell: "/usr/sbin/nologin" }),
    },
    "user:teacher": {
      ...service(1000, "staff", { groups: ["adm"], home: "/home/teacher", shell: "/bin/bash" }),
    },
    "user:nobody": NONE,
    "group:adm": { type: "group", gid: 4 },
    "group:none": NONE,
  });
});

test("lines that are none are passed over: comments, NIS, numbers that are none", async () => {
  const files = new MemoryFiles();
  files.put("/etc/passwd", "\n#a:x:1:1::/:/\n+b:x:2:2::/:/\n-c::::::\nd\ne:x:many:1::/:/\nf:x:7:8::/:/bin/sh\n");
  const { states } = await observed(["user:#a", "user:a", "user:b", "user:d", "user:e", "user:f"], files);
  const { "user:f": last, ...others } = states;
  expect(Object.values(others)).toEqual([NONE, NONE, NONE, NONE, NONE]);
  expect(last).toEqual(service(7, "8", { home: "/", shell: "/bin/sh" }));
});

test("each file is read once, however many accounts are asked for", async () => {
  const files = memoryEtc();
  const reads: string[] = [];
  const read = files.read.bind(files);
  files.read = (path, limit) => {
    reads.push(path);
    return read(path, limit);
  };
  await observed(
    Array.from({ length: 50 }, (_, n): ResourceId => `user:u${n}`),
    files,
  );
  expect(reads.sort()).toEqual(["/etc/group", "/etc/gshadow", "/etc/passwd", "/etc/shadow"]);
  reads.length = 0;
  await observed([], files);
  expect(reads).toEqual([]);
});

test("a root without accounts has none, and a file that cannot be read stops the run", async () => {
  expect(await observed(["user:root"], new MemoryFiles())).toEqual({ states: { "user:root": NONE }, problems: [] });
  const files = memoryEtc();
  files.unlink("/etc/passwd");
  files.putLink("/etc/passwd", "/srv/passwd");
  const { problems } = await observed(["user:root"], files);
  expect(problems).toMatchObject([{ code: "file-eloop", where: { file: "/etc/passwd" } }]);
});

test("what may not be changed is said at once, and holds back only itself", async () => {
  const wanted = {
    "user:tech": service(160, "tech", { shell: "/bin/false" }),
    "group:media": { type: "group", gid: 301 },
  };
  const memory: Memory = new Map([
    ["user:teacher", { state: service(1000, "staff"), origin: "created" }],
    ["user:homely", { state: service(170, "homely"), origin: "adopted" }],
  ] as const);
  const ids = ["user:tech", "group:media", "user:teacher", "user:homely"] as const;
  const { troubles = [], problems } = await accountKind.observe(
    memoryMachine(memoryEtc()),
    ids,
    target(wanted as Record<string, State>),
    memory,
  );
  expect(problems).toEqual([]);
  expect(troubles.map(({ id, problem }) => `${id} ${problem.code}`)).toEqual([
    "user:tech account-has-password",
    "user:teacher not-a-system-account",
  ]);
});

test("a root that has no /etc waits for it", async () => {
  const machine = memoryMachine(new MemoryFiles());
  const { troubles } = await accountKind.observe(
    machine,
    ["group:media"],
    target({ "group:media": { type: "group", gid: 301 } }),
    NO_MEMORY,
  );
  expect(troubles).toMatchObject([{ id: "group:media", problem: { code: "no-etc" } }]);
});
