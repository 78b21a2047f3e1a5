// Somebody else is at work on the server at the same time: what is theirs stays theirs.
import { describe, expect, test } from "@jest/globals";
import type { HealthCheck } from "../../../reconciler/model/health.ts";
import { MemorySchool } from "../../support/memory-school.ts";
import { wish, type Wish } from "../../support/wishes.ts";

const OLD: Readonly<Record<string, Wish>> = { "/etc/a": "old\n", "/etc/b": "old\n", "/srv/x/file": "old\n" };

async function school(wishes: Readonly<Record<string, Wish>> = OLD): Promise<MemorySchool> {
  const made = new MemorySchool();
  expect(await made.run(wish(wishes))).toMatchObject({ result: "changed", problems: [] });
  return made;
}

async function contentOf({ disk }: MemorySchool, path: string): Promise<string> {
  return (await disk.read(path)).toString();
}

function leftovers({ disk }: MemorySchool): string[] {
  return Object.keys(disk.snapshot()).filter((path) => path.includes("/.reconciler-"));
}

/** Good before, bad as soon as /etc/a is new. */
const A_IS_OLD: HealthCheck = {
  name: "a-is-old",
  level: "required",
  probe: { type: "file", path: "/etc/a", contains: "old" },
  timeoutMs: 1000,
  graceMs: 0,
};

describe("between planning and changing", () => {
  test("a file that was edited makes the run go back, and keeps the edit", async () => {
    const server = await school();
    server.meanwhile = () => server.disk.put("/etc/b", "by hand\n");
    const run = await server.run(wish({ ...OLD, "/etc/a": "new\n", "/etc/b": "new\n" }));
    expect(run).toMatchObject({ result: "rolled_back" });
    expect(run.problems).toContainEqual(expect.objectContaining({ code: "moved", where: { file: "/etc/b" } }));
    expect(await contentOf(server, "/etc/a")).toBe("old\n");
    expect(await contentOf(server, "/etc/b")).toBe("by hand\n");
    expect(leftovers(server)).toEqual([]);
  });

  test("a file that came where a new one was to be made stays", async () => {
    const server = await school();
    server.meanwhile = () => server.disk.put("/etc/new", "by hand\n");
    const run = await server.run(wish({ ...OLD, "/etc/a": "new\n", "/etc/new": "new\n" }));
    expect(run).toMatchObject({ result: "rolled_back" });
    expect(await contentOf(server, "/etc/a")).toBe("old\n");
    expect(await contentOf(server, "/etc/new")).toBe("by hand\n");
    expect(leftovers(server)).toEqual([]);
  });

  test("a file that was put into a folder that was to go keeps the folder, and the next run leaves it alone", async () => {
    const server = await school();
    server.meanwhile = () => server.disk.put("/srv/x/photo.jpg", "a photo");
    const next = wish({ "/etc/a": "new\n", "/etc/b": "old\n" });
    expect(await server.run(next)).toMatchObject({ result: "rolled_back" });
    expect(await contentOf(server, "/srv/x/file")).toBe("old\n");
    expect(await contentOf(server, "/etc/a")).toBe("old\n");

    server.meanwhile = () => undefined;
    expect(await server.run(next)).toMatchObject({ result: "changed", calm: true });
    expect(await contentOf(server, "/srv/x/photo.jpg")).toBe("a photo");
    expect(server.disk.stat("/srv/x/file")).toBeUndefined();
    expect(await server.run(next)).toMatchObject({ result: "unchanged" });

    server.disk.unlink("/srv/x/photo.jpg");
    expect(await server.run(next)).toMatchObject({ result: "changed" });
    expect(server.disk.stat("/srv/x")).toBeUndefined();
  });
});

describe("while health is looked at, before a run is walked back", () => {
  /** Health is looked at after the change; just then somebody acts. */
  async function walkedBack(wishes: Readonly<Record<string, Wish>>, act: (server: MemorySchool) => void) {
    const server = await school();
    let looks = 0;
    const read = server.disk.read.bind(server.disk);
    server.disk.read = async (path, limit) => {
      if (path === "/etc/a" && ++looks === 2) act(server);
      return read(path, limit);
    };
    const run = await server.run(wish(wishes, { health: [A_IS_OLD] }));
    expect(looks).toBeGreaterThanOrEqual(2);
    expect(leftovers(server)).toEqual([]);
    expect(server.disk.stat("/var/lib/reconciler/journal.log")).toBeUndefined();
    return { server, run };
  }

  test("without anybody else everything is as it was", async () => {
    const { server, run } = await walkedBack({ ...OLD, "/etc/a": "new\n", "/etc/new": "new\n" }, () => undefined);
    expect(run).toMatchObject({ result: "rolled_back", problems: [] });
    expect(await contentOf(server, "/etc/a")).toBe("old\n");
    expect(server.disk.stat("/etc/new")).toBeUndefined();
  });

  test("a new file of ours that was edited since is left and told", async () => {
    const { server, run } = await walkedBack({ ...OLD, "/etc/a": "new\n", "/etc/new": "new\n" }, ({ disk }) =>
      disk.put("/etc/new", "by hand\n"),
    );
    expect(run).toMatchObject({
      result: "rolled_back",
      problems: [{ code: "left-in-place", where: { file: "/etc/new" } }],
    });
    expect(await contentOf(server, "/etc/new")).toBe("by hand\n");
  });

  test("a file that we had replaced, and that was edited since, is left and told", async () => {
    const { server, run } = await walkedBack({ ...OLD, "/etc/a": "new\n", "/etc/b": "new\n" }, ({ disk }) =>
      disk.put("/etc/b", "by hand\n"),
    );
    expect(run).toMatchObject({
      result: "rolled_back",
      problems: [{ code: "left-in-place", where: { file: "/etc/b" } }],
    });
    expect(await contentOf(server, "/etc/b")).toBe("by hand\n");
  });

  test("then an edit from before the run, which has no place to come back to, is kept", async () => {
    const server = await school();
    server.disk.put("/etc/b", "the first by hand\n");
    const wished = wish({ ...OLD, "/etc/b": "new\n" });
    let up = server;
    for (let n = 1; !up.isOpen() || (await contentOf(up, "/etc/b")) !== "new\n"; n++) {
      const cut = server.afterPowerCut();
      cut.disk.cutPowerAt(n);
      await cut.run(wished).catch(() => undefined);
      up = cut.afterPowerCut(() => 0.999, "ordered");
    }
    up.disk.put("/etc/b", "the second by hand\n");
    expect(await up.recover()).toMatchObject([{ code: "left-in-place", where: { file: "/etc/b" } }]);
    expect(await contentOf(up, "/etc/b")).toBe("the second by hand\n");
    const kept = Object.keys(up.disk.snapshot()).filter((path) => /\/kept\/.*\/etc\/b$/u.test(path));
    expect(await Promise.all(kept.map((path) => contentOf(up, path)))).toEqual(["the first by hand\n"]);
    expect(leftovers(up)).toEqual([]);
  });

  test("a new folder of ours with a file of somebody in it stays, with that file", async () => {
    const { server, run } = await walkedBack({ ...OLD, "/etc/a": "new\n", "/srv/new/file": "new\n" }, ({ disk }) =>
      disk.put("/srv/new/photo.jpg", "a photo"),
    );
    expect(run).toMatchObject({
      result: "rolled_back",
      problems: [{ code: "left-in-place", where: { file: "/srv/new" } }],
    });
    expect(server.disk.list("/srv/new")).toEqual(["photo.jpg"]);
  });

  test("a file that somebody put where we removed one stays", async () => {
    const { server, run } = await walkedBack({ "/etc/a": "new\n", "/srv/x/file": "old\n" }, ({ disk }) =>
      disk.put("/etc/b", "by hand\n"),
    );
    expect(run).toMatchObject({
      result: "rolled_back",
      problems: [{ code: "left-in-place", where: { file: "/etc/b" } }],
    });
    expect(await contentOf(server, "/etc/b")).toBe("by hand\n");
  });

  test("a file that somebody put where we removed a folder stays", async () => {
    const { server, run } = await walkedBack({ "/etc/a": "new\n", "/etc/b": "old\n", "/srv/y": "y\n" }, ({ disk }) =>
      disk.put("/srv/x", "by hand\n"),
    );
    expect(run.result).toBe("rolled_back");
    expect(run.problems.map(({ code, where }) => `${code} ${where?.file ?? ""}`)).toEqual([
      "left-in-place /srv/x",
      "left-in-place /srv/x/file",
    ]);
    expect(await contentOf(server, "/srv/x")).toBe("by hand\n");
  });
});
