// A commit, and one `reconcile --now`: the tree is as git wants it, byte for byte; and the second run touches nothing.
import { afterEach, describe, expect, test } from "@jest/globals";
import { School, told, treeLines, type Entry } from "../../support/school.ts";
import { NEW, OLD } from "./two-trees.ts";

const ids = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
let school: School;

afterEach(() => school.close());

describe.each(["file", "http"] as const)("over %s", (transport) => {
  test("a commit becomes the tree, byte for byte and mode for mode, and a second run leaves it untouched", async () => {
    school = await School.open({ transport });
    await school.commit(OLD);
    const first = await school.now();
    expect(first).toMatchObject({ code: 0, stderr: "" });
    expect(first.stdout).toContain("changed");

    await school.commit(NEW);
    const second = await school.now();
    expect(second.code === 0 ? "" : second.stdout + second.stderr).toBe("");
    expect(treeLines(school.snapshot())).toEqual(expectedLines());

    const before = school.snapshot();
    const third = await school.now();
    expect(third).toMatchObject({ code: 0, stderr: "" });
    expect(third.stdout).toMatch(/^\d\d:\d\d:\d\d {2}unchanged /mu);
    expect(changedEntries(before, school.snapshot())).toEqual([]);
  });
});

test("what mace makes of templates and pieces arrives too, with its own permissions and those of a wish", async () => {
  school = await School.open();
  await school.commit({
    "fleet.yaml": JSON.stringify({ files: { "/etc/motd": { mode: "0600" } }, env: { SCHOOL: "Escuela 12" } }),
    "config/fleet/files.d/etc/motd/10-hello.conf": "Hello @SCHOOL@\n",
    "config/schools/escuela-12/files.d/etc/motd/20-more.conf": "and welcome\n",
    "config/fleet/files.d/etc/issue/10-issue.conf": "issue\n",
  });
  expect(await school.now()).toMatchObject({ code: 0 });
  const { "/etc/motd": motd, "/etc/issue": issue } = school.snapshot();
  expect(motd).toMatchObject({ mode: "0600" });
  expect(motd?.content).toContain("Hello Escuela 12\nand welcome\n");
  expect(issue).toMatchObject({ mode: "0644" });
  expect(await school.now()).toMatchObject({ code: 0, stdout: expect.stringContaining("unchanged") });
});

test("--json tells the same as a value, with the counts as they are after the change", async () => {
  school = await School.open();
  await school.commit(OLD);
  const { code, stdout } = await school.now("--json");
  expect(code).toBe(0);
  const outcome = JSON.parse(stdout) as { result: string; changes: unknown[]; resources: Record<string, number> };
  expect(outcome.result).toBe("changed");
  expect(outcome.resources).toEqual({
    in_sync: outcome.changes.length,
    pending: 0,
    drift: 0,
    conflict: 0,
    foreign: 0,
  });
});

/** NEW as a person would write it down, on a root that had nothing else. */
function expectedLines(): string[] {
  const binary = told(NEW["files/binary"] as Buffer);
  return [
    `/etc directory 0755 ${ids} `,
    `/etc/file-to-link symlink 0777 ${ids} mode`,
    `/etc/kept file 0644 ${ids} the same\n`,
    `/etc/link symlink 0777 ${ids} new`,
    `/etc/link-new symlink 0777 ${ids} /srv/new`,
    `/etc/link-to-file file 0644 ${ids} new text\n`,
    `/etc/mode file 0600 ${ids} the same\n`,
    `/etc/new file 0644 ${ids} ${binary}`,
    `/etc/new-too file 0644 ${ids} Welcome to Escuela 12\n`,
    `/etc/replaced file 0644 ${ids} new text\n`,
    `/etc/replaced-too file 0640 ${ids} new text\n`,
    `/srv directory 0755 ${ids} `,
    `/srv/file-to-folder directory 0755 ${ids} `,
    `/srv/file-to-folder/inside file 0644 ${ids} new text\n`,
    `/srv/folder-to-file file 0644 ${ids} new text\n`,
    `/srv/folder-to-link symlink 0777 ${ids} new`,
    `/srv/mode directory 0755 ${ids} `,
    `/srv/mode/inside file 0644 ${ids} the same\n`,
    `/srv/new directory 0711 ${ids} `,
    `/srv/new/deep directory 0755 ${ids} `,
    `/srv/new/deep/er directory 0755 ${ids} `,
    `/srv/new/deep/er/one file 0644 ${ids} new text\n`,
  ];
}

/** Every member of every entry counts: mtime, ctime and inode too, of folders as well. */
function changedEntries(before: Readonly<Record<string, Entry>>, after: Readonly<Record<string, Entry>>): string[] {
  const paths = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...paths].filter((path) => JSON.stringify(before[path]) !== JSON.stringify(after[path]));
}
