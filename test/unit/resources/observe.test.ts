import { describe, expect, test } from "@jest/globals";
import { FileError } from "../../../reconciler/machine/machine.ts";
import { observe } from "../../../reconciler/observe.ts";
import { plan } from "../../../reconciler/plan/plan.ts";
import { MemorySchool } from "../../support/memory-school.ts";
import { wish } from "../../support/wishes.ts";

async function look(school: MemorySchool, wishes: Parameters<typeof wish>[0]) {
  const { target } = wish(wishes);
  const memory = await school.memory();
  const seen = await observe(school.ground.machine, target, memory);
  return { ...seen, planned: plan({ target, observed: seen.observed, memory }) };
}

describe("a folder on the way that is a link", () => {
  test.each([
    ["to a folder", "/media/disk", "/media/disk"],
    ["to a folder beside it", "../media/disk", "/media/disk"],
    ["to a link to a folder", "hop", "/media/disk"],
    ["that climbs out of the root, which no link can", "../../../media/disk", "/media/disk"],
  ])("%s serves as that folder", async (_, target, folder) => {
    const school = new MemorySchool();
    school.disk.putDirectory("/media/disk");
    school.disk.putLink("/srv/hop", "/media/disk");
    school.disk.putLink("/srv/library", target);
    expect(await school.run(wish({ "/srv/library/index": "new\n" }))).toMatchObject({
      result: "changed",
      problems: [],
    });
    expect((await school.disk.read(`${folder}/index`)).toString()).toBe("new\n");
    expect(school.disk.stat("/srv/library")?.type).toBe("symlink");
  });

  test.each([
    ["to nowhere", "/media/gone"],
    ["to a file", "/etc/motd"],
    ["to itself", "library"],
  ])("%s is an obstacle", async (_, target) => {
    const school = new MemorySchool();
    school.disk.put("/etc/motd", "hello\n");
    school.disk.putLink("/srv/library", target);
    const { planned } = await look(school, { "/srv/library/index": "new\n" });
    expect(planned.problems).toMatchObject([
      {
        code: "obstacle",
        where: { file: "/srv/library" },
        what: expect.stringContaining("a symlink stands where a directory should be"),
      },
    ]);
  });
});

test("what cannot be read is a problem of that path, and the others are looked at", async () => {
  const school = new MemorySchool();
  school.disk.put("/etc/secret", "secret\n");
  school.disk.put("/etc/motd", "hello\n");
  school.disk.digest = (path) => {
    throw new FileError("EACCES", "read", path);
  };
  const { observed, problems } = await look(school, { "/etc/secret": "x", "/etc/motd": "hello\n", "/etc/new": "x" });
  expect(problems.map(({ code, where }) => `${code} ${where?.file ?? ""}`)).toEqual([
    "file-eacces /etc/secret",
    "file-eacces /etc/motd",
  ]);
  expect(observed.get("file:/etc/new")).toEqual({ state: { type: "absent" } });
});

test("bytes are read once: afterwards a file whose stat did not move is taken as it was", async () => {
  const school = new MemorySchool();
  const wishes = { "/etc/a": "a\n", "/etc/b": "b\n" };
  await school.run(wish(wishes));
  const read: string[] = [];
  const digest = school.disk.digest.bind(school.disk);
  school.disk.digest = (path) => {
    read.push(path);
    return digest(path);
  };
  await look(school, wishes);
  expect(read).toEqual([]);
  school.disk.put("/etc/a", "x\n");
  const { planned } = await look(school, wishes);
  expect(read).toEqual(["/etc/a"]);
  expect(planned.plan.changes).toMatchObject([{ id: "file:/etc/a", standing: "drift" }]);
});

test("a file below a file is not there, and the planner finds what stands in the way", async () => {
  const school = new MemorySchool();
  school.disk.put("/srv/library", "a file\n");
  const { observed, planned } = await look(school, { "/srv/library/index": "new\n" });
  expect(observed.get("file:/srv/library/index")).toEqual({ state: { type: "absent" } });
  expect(planned.problems).toMatchObject([{ code: "obstacle", where: { file: "/srv/library" } }]);
});
