// The services' own programs judge what mace made: good pieces pass, and a broken one is refused with its reason.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Answer, bundleMace, type Program, writeTree } from "../program.ts";
import { bootServer, canTry, OBSTACLE, type TriedServer } from "../tried-server.ts";
import { CASES } from "./network-cases.ts";

let mace: Program;
let server: TriedServer | undefined;

beforeAll(async () => {
  mace = await bundleMace();
  CASES.forEach(({ good, broken }, at) => {
    writeTree(join(mace.folder, `good-${at}`), good);
    writeTree(join(mace.folder, `broken-${at}`), broken);
  });
  writeTree(mace.folder, {
    "sudo/files.d/etc/sudoers.d/school/10.conf": "%teachers ALL = NOPASSWD: /usr/bin/systemctl restart squid\n",
    "wrong/files.d/etc/sudoers.d/school/20.conf": "%teachers ALL = NOPASSWORD: ALL\n",
  });
  if (OBSTACLE === undefined) server = await bootServer("mkdir -p /run/sshd /run/lock /run/kea");
});

afterAll(async () => {
  await server?.stop();
  mace.remove();
});

describe.each(CASES.map((one, at) => ({ ...one, at })))("$service", ({ at, programs, checked, refused, says }) => {
  test("good pieces pass the program's own check", () => {
    if (!canTry(...programs)) return;
    const { code, out, err } = run("check", "--json", ...sources(`good-${at}`));
    expect({ code, err, out }).toMatchObject({ code: 0 });
    const files = checked.map((path) => expect.objectContaining({ path, checked: true }));
    expect(JSON.parse(out)).toMatchObject({ ok: true, files: expect.arrayContaining(files) });
  });

  test("a broken piece is refused, in the program's own words", () => {
    if (!canTry(...programs)) return;
    const { code, out } = run("check", "--json", ...sources(`good-${at}`, `broken-${at}`));
    const problem = { code: "check-failed", where: { file: refused }, what: expect.stringMatching(says) };
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, problems: [expect.objectContaining(problem)] });
  });
});

test("a file of sudo's, made through files.d, is one that visudo reads, until a piece of it is broken", () => {
  if (!canTry("visudo")) return;
  const file = "/etc/sudoers.d/school";
  expect(run("apply", "--dst", "/", ...sources("sudo"))).toMatchObject({ code: 0, err: "" });
  expect(inside("visudo", "-cf", file)).toMatchObject({ code: 0 });
  expect(run("apply", "--dst", "/", ...sources("sudo", "wrong"))).toMatchObject({ code: 0 });
  expect(inside("visudo", "-cf", file)).toMatchObject({ code: 1 });
});

function run(...words: readonly string[]): Answer {
  return inside(process.execPath, join(mace.folder, "dist/mace.js"), ...words);
}

function inside(...argv: readonly string[]): Answer {
  if (server === undefined) throw new Error("the server is not there");
  return server.run(argv);
}

function sources(...folders: readonly string[]): readonly string[] {
  return ["--family", "debian", ...folders.flatMap((folder) => ["--src", join(mace.folder, folder)])];
}
