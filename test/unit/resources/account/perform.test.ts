// Account files, changed and changed back.
import { describe, expect, test } from "@jest/globals";
import type { Change } from "../../../../reconciler/model/plan.ts";
import type { Machine } from "../../../../reconciler/machine/machine.ts";
import {
  ETC,
  group,
  memoryEtc,
  memoryMachine,
  NONE,
  perform,
  release,
  service,
  stepsOf,
  undo,
  user,
} from "../../../support/accounts.ts";
import type { MemoryFiles } from "../../../support/memory-files.ts";

async function linesOf(files: MemoryFiles, path: string): Promise<readonly string[]> {
  return (await files.read(path)).toString("latin1").split("\n");
}

async function newLines(files: MemoryFiles, path: keyof typeof ETC): Promise<readonly string[]> {
  const old = new Set(ETC[path].split("\n"));
  return (await linesOf(files, path)).filter((line) => !old.has(line));
}

const OLD = service(150, "old", { groups: ["adm"] });

describe("a change", () => {
  test("makes a group and a user without a password, above the line of NIS, and touches no other line", async () => {
    const files = memoryEtc();
    const home = { home: "/var/lib/kiwix", shell: "/bin/false" };
    const changes = [
      group("kiwix", NONE, 300),
      user("kiwix", NONE, service(310, "kiwix", { ...home, groups: ["adm"] })),
    ];
    expect(await perform(memoryMachine(files), stepsOf(changes))).toEqual([]);
    expect(await newLines(files, "/etc/passwd")).toEqual(["kiwix:x:310:300::/var/lib/kiwix:/bin/false"]);
    expect((await linesOf(files, "/etc/passwd")).slice(-3)).toEqual([
      "kiwix:x:310:300::/var/lib/kiwix:/bin/false",
      "+::::::",
      "",
    ]);
    expect(await newLines(files, "/etc/group")).toEqual(["adm:x:4:old,teacher,kiwix", "kiwix:x:300:"]);
    expect(await newLines(files, "/etc/shadow")).toEqual(["kiwix:!*:::::::"]);
    expect(await newLines(files, "/etc/gshadow")).toEqual(["adm:*:old:old,teacher,kiwix", "kiwix:!*::"]);
    expect((await linesOf(files, "/etc/passwd")).filter((line) => !line.startsWith("kiwix:"))).toEqual(
      ETC["/etc/passwd"].split("\n"),
    );
  });

  test("keeps mode and owner of each file", async () => {
    const files = memoryEtc();
    files.putAttribute("/etc/shadow", "security.selinux", "shadow_t");
    await perform(
      memoryMachine(files),
      stepsOf([group("kiwix", NONE, 300), user("kiwix", NONE, service(310, "kiwix"))]),
    );
    expect(files.stat("/etc/shadow")).toMatchObject({ mode: 0o640, uid: 0, gid: 42 });
    expect(files.stat("/etc/passwd")).toMatchObject({ mode: 0o644, uid: 0, gid: 0 });
    expect(files.snapshot()["/etc/shadow"]?.attributes).toEqual({ "security.selinux": "shadow_t" });
  });

  test("of a user leaves what the fleet does not care for", async () => {
    const files = memoryEtc();
    const change = user("old", OLD, service(150, "daemon", { shell: "/bin/false" }));
    expect(await perform(memoryMachine(files), stepsOf([change]))).toEqual([]);
    expect(await newLines(files, "/etc/passwd")).toEqual(["old:x:150:1:Jos\xe9:/var/lib/old:/bin/false"]);
    expect(await newLines(files, "/etc/shadow")).toEqual([]);
    expect(await newLines(files, "/etc/group")).toEqual([]);
  });

  test("takes a user out of every group", async () => {
    const files = memoryEtc();
    expect(await perform(memoryMachine(files), stepsOf([user("old", OLD, NONE), group("old", 150, NONE)]))).toEqual([]);
    for (const path of ["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow"]) {
      expect(await linesOf(files, path)).not.toContainEqual(expect.stringMatching(/\bold\b/u));
    }
    expect(await newLines(files, "/etc/gshadow")).toEqual(["adm:*::teacher"]);
  });

  test("makes the first accounts of a root that has none, without files for passwords", async () => {
    const files = memoryEtc();
    for (const path of Object.keys(ETC)) files.unlink(path);
    const before = files.snapshot();
    const steps = stepsOf([group("kiwix", NONE, 300), user("kiwix", NONE, service(310, "kiwix"))]);
    const machine = memoryMachine(files, { live: false });
    expect(await perform(machine, steps)).toEqual([]);
    expect(await linesOf(files, "/etc/passwd")).toEqual(["kiwix:*:310:300::/nonexistent:/usr/sbin/nologin", ""]);
    expect(await linesOf(files, "/etc/group")).toEqual(["kiwix:x:300:", ""]);
    expect(files.stat("/etc/shadow")).toBeUndefined();
    expect(await undo(machine, steps)).toEqual([]);
    await release(machine, steps);
    expect(files.snapshot()).toEqual(before);
  });

  test("writes each file once, however many accounts there are", async () => {
    const one = memoryEtc();
    await perform(memoryMachine(one), stepsOf([group("g1", NONE, 301), group("g2", NONE, 302)]));
    const many = memoryEtc();
    const changes = Array.from({ length: 20 }, (_, n) => group(`g${n}`, NONE, 300 + n));
    await perform(memoryMachine(many), stepsOf(changes));
    // What differs is the record of each.
    expect(many.mutations - one.mutations).toBe(18);
  });
});

describe("whatever is not ours to change is left alone", () => {
  const files = memoryEtc();
  const cases: readonly (readonly [string, readonly Change[], string, Partial<Machine>?])[] = [
    ["root", [user("root", service(0, "root", { home: "/root" }), NONE)], "not-a-system-account"],
    ["a person", [user("teacher", service(1000, "staff", { home: "/home/teacher" }), NONE)], "not-a-system-account"],
    ["a number of people", [user("kiwix", NONE, service(1000, "daemon"))], "not-a-system-account"],
    ["the number of root", [group("kiwix", NONE, 0)], "not-a-system-account"],
    [
      "a home among people",
      [user("homely", service(170, "homely", { home: "/home/homely" }), NONE)],
      "not-a-system-account",
    ],
    [
      "a home that would be among people",
      [user("kiwix", NONE, service(310, "daemon", { home: "/home/kiwix" }))],
      "not-a-system-account",
    ],
    ["a locked password", [user("tech", service(160, "tech"), NONE)], "account-has-password"],
    ["a group of people", [user("kiwix", NONE, service(310, "daemon", { groups: ["staff"] }))], "not-a-system-account"],
    ["root's group", [user("kiwix", NONE, service(310, "root"))], "not-a-system-account"],
    ["a group that is not there", [user("kiwix", NONE, service(310, "kiwix"))], "no-such-group"],
    ["a group that somebody needs", [group("old", 150, NONE)], "group-in-use"],
    ["a number that is taken", [user("kiwix", NONE, service(150, "daemon"))], "account-number"],
    ["another number", [user("old", OLD, service(151, "old"))], "account-number"],
    ["a name that is an option", [user("-r", NONE, service(310, "daemon"))], "account-name"],
    ["a name that is two fields", [user("a:b", NONE, service(310, "daemon"))], "account-name"],
    ["a home that is two fields", [user("kiwix", NONE, service(310, "daemon", { home: "/a:0" }))], "account-path"],
    ["a shell that is two lines", [user("kiwix", NONE, service(310, "daemon", { shell: "/a\nb" }))], "account-path"],
    ["what came meanwhile", [group("old", NONE, 150)], "moved"],
    ["what went meanwhile", [user("gone", service(310, "daemon"), NONE)], "moved"],
    ["a full disk", [group("kiwix", NONE, 300)], "no-space", { files: fullDisk() }],
  ];
  test.each(cases)("%s", async (_, changes, code, more = {}) => {
    const before = files.snapshot();
    const problems = await perform(memoryMachine(files, more), stepsOf(changes));
    expect(problems.map((problem) => problem.code)).toContain(code);
    expect(files.snapshot()).toEqual(before);
  });

  test("a user that still runs something", async () => {
    const busy = memoryEtc();
    busy.putDirectory("/proc/77", { uid: 150 });
    busy.putDirectory("/proc/78", { uid: 0 });
    const [problem] = await perform(memoryMachine(busy), stepsOf([user("old", OLD, NONE)]));
    expect(problem).toMatchObject({ code: "account-in-use", what: "is logged in or runs something (process 77)" });
  });

  test("a name that stands twice", async () => {
    const twice = memoryEtc();
    twice.put("/etc/passwd", `${ETC["/etc/passwd"]}old:x:151:150::/:/bin/sh\n`);
    const [problem] = await perform(memoryMachine(twice), stepsOf([user("old", OLD, NONE)]));
    expect(problem).toMatchObject({ code: "account-unclear", where: { file: "/etc/passwd", key: "old" } });
  });

  test("the whole batch, when one of it is refused", async () => {
    const before = files.snapshot();
    const changes = [group("kiwix", NONE, 300), user("kiwix", NONE, service(310, "nowhere"))];
    expect(await perform(memoryMachine(files), stepsOf(changes))).toMatchObject([{ code: "no-such-group" }]);
    expect(files.snapshot()).toEqual(before);
  });
});

function fullDisk(): MemoryFiles {
  const files = memoryEtc();
  files.room = { ...files.room, bytes: 1000 };
  return files;
}
