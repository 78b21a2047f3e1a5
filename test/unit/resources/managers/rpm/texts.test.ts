// Small texts between rpm's managers and us: names, locks, holds, patterns, lines of a script.
import { expect, test } from "@jest/globals";
import { nameOfLine } from "../../../../../reconciler/resources/managers/dnf/holds.ts";
import { scriptOf } from "../../../../../reconciler/resources/managers/dnf/script.ts";
import { parseTable } from "../../../../../reconciler/resources/managers/dnf/table.ts";
import { isLoss } from "../../../../../reconciler/resources/managers/rpm/broken.ts";
import { matchesGlob } from "../../../../../reconciler/resources/managers/rpm/glob.ts";
import { lockersOf } from "../../../../../reconciler/resources/managers/rpm/lock.ts";
import { archiveName, badActions, badWishes, isName } from "../../../../../reconciler/resources/managers/rpm/names.ts";
import { foretell, requestOf } from "../../../../../reconciler/resources/managers/rpm/request.ts";
import { safeWords } from "../../../../../reconciler/resources/managers/rpm/told.ts";
import { parseLocks } from "../../../../../reconciler/resources/managers/zypper/answers.ts";
import { tagsOf } from "../../../../../reconciler/resources/managers/zypper/xml.ts";

test.each(["hello", "gtk+extra", "libstdc++", "python3.11", "glibc.i686", "NetworkManager-wifi", "0ad"])(
  "%s may be the name of a package",
  (name) => expect(isName(name)).toBe(true),
);

test.each(["", "-y", "--root=/", "a b", "a;b", "*", "../x", "/etc/passwd", "hello>=1", "hello\n", "a".repeat(201)])(
  "%j may not",
  (name) => expect(isName(name)).toBe(false),
);

test("every bad name and version is told at once", () => {
  const wishes = badWishes([
    { name: "-x", type: "installed", version: "1 0" },
    { name: "hello", type: "installed", minimum: "$(x)" },
    { name: "a/b", type: "absent" },
  ]);
  expect(wishes.map(({ code }) => code)).toEqual([
    "package-name",
    "package-name",
    "package-version",
    "package-version",
  ]);
  expect(badActions([{ name: "hello", from: "1:1.0~rc1-1.el9", to: "2.0^git-1" }])).toEqual([]);
});

test("an archive is called by its version without the epoch", () => {
  expect(archiveName("hello", "2:1.0-1", "noarch")).toBe("hello-1.0-1.noarch.rpm");
});

test("a script for dnf begins with the archives, and names versions and architectures", () => {
  const entries = [
    entry("gone", "1.0-1", "x86_64"),
    entry("tool", "2.0-1", "noarch"),
    entry("hello", "2.0-1", "noarch"),
  ];
  const actions = [
    { name: "gone", from: "1.0-1" },
    { name: "tool", from: "2.0-1", to: "3.0-1" },
    { name: "hello", from: "2.0-1", to: "1.0-1" },
    { name: "extra", to: "1:1.0-1" },
    { name: "other", to: "1.0-1" },
  ];
  const archives = ["/a b's/other-1.0-1.noarch.rpm", "/x/unrelated-1.0-1.noarch.rpm"];
  expect(scriptOf(requestOf(actions, archives, entries).jobs).split("\n")).toEqual([
    `install '/a b'"'"'s/other-1.0-1.noarch.rpm'`,
    "remove gone-1.0-1.x86_64",
    "upgrade tool-3.0-1",
    "downgrade hello-1.0-1",
    "install extra-1:1.0-1",
    "run",
    "",
  ]);
});

test("actions that begin elsewhere than here are told", () => {
  const entries = [entry("hello", "2.0-1", "noarch")];
  const actions = [
    { name: "hello", from: "1.0-1", to: "3.0-1" },
    { name: "hello", to: "2.0-1" },
  ];
  expect(foretell(actions, entries)).toEqual([
    "hello 1.0-1 is not installed any more",
    "hello 2.0-1 is installed already",
  ]);
});

test("a heading that dnf never had before is not passed over", () => {
  const rule = "=".repeat(80);
  const table = `${rule}\n Package Arch\n${rule}\nEnchanting:\n hello noarch 1.0-1 local 6 k\n\nTransaction Summary\n${rule}\n`;
  expect(parseTable(table, [])).toMatchObject({ ok: false, problems: [{ code: "unknown-answer" }] });
  expect(parseTable("Nothing to do.\n", [])).toEqual({ ok: true, value: [] });
});

test("a row that is too long for its line goes on below", () => {
  const rule = "=".repeat(80);
  const rows = ` a-long-name\n        noarch\n        1.0-1 local 6 k\n     replacing  old.noarch 0.9-1`;
  const table = `${rule}\n Package Arch\n${rule}\nInstalling:\n${rows}\n\nTransaction Summary\n${rule}\n`;
  expect(parseTable(table, [])).toEqual({
    ok: true,
    value: [
      { name: "a-long-name", to: "1.0-1" },
      { name: "old", from: "0.9-1" },
    ],
  });
});

test.each([
  ["hello-0:1.0-1.*", "hello"],
  ["python3-dnf-4.14.0-1.el9.noarch", "python3-dnf"],
  ["kernel*", "kernel*"],
  ["!hello-0:2.0-1.*", undefined],
  ["# a remark", undefined],
  ["--exclude=everything", undefined],
  ["", undefined],
])("the hold %j is about %s", (line, name) => expect(nameOfLine(line)).toBe(name));

test("locks of zypper are about packages", () => {
  const locks = `
type: package
match_type: glob
case_sensitive: on
solvable_name: libhello

type: patch
solvable_name: some-patch

solvable_name: kernel*
`;
  expect(parseLocks(locks)).toEqual(["libhello", "kernel*"]);
});

test.each([
  ["kernel-default", "kernel*", true],
  ["kernel", "kerne?", true],
  ["libstdc++", "libstdc++", true],
  ["xhello", "hello", false],
  ["hello.i686", "hello-i686", false],
])("%s and the pattern %s: %s", (name, pattern, fits) => expect(matchesGlob(name, pattern)).toBe(fits));

test("of the kernel's locks only writers of that file count", () => {
  const locks = `1: POSIX  ADVISORY  WRITE 21475 fe:00:2253378 0 EOF
2: POSIX  ADVISORY  READ 100 fe:00:2253378 0 EOF
3: FLOCK  ADVISORY  WRITE 101 fe:00:2253378 0 EOF
4: POSIX  ADVISORY  WRITE 102 fe:00:99 0 EOF
`;
  expect(lockersOf(locks, new Set([2253378]))).toEqual(["21475"]);
});

test.each([
  ["missing     /usr/bin/hello", true],
  ["S.5....T.    /usr/bin/hello", true],
  ["S.5....T.  c /etc/hello.conf", false],
  ["missing   c /etc/hello.conf", false],
  [".......T.    /usr/bin/hello", false],
  ["Unsatisfied dependencies for hello-1.0-1.noarch:", false],
])("%j tells of a loss: %s", (line, loss) => expect(isLoss(line)).toBe(loss));

test("the password in an address is not told", () => {
  expect(safeWords("error for https://me:secret@mirror.example/x\u001b[31m")).toBe(
    "error for https://mirror.example/x\\x1b[31m",
  );
});

test("XML that ends in the middle, and entities in it", () => {
  const [stream, message] = tagsOf(
    `<stream>\n<message type="error">&lt;a&gt; &amp;amp; &#65;&unknown;</message><half attribute="`,
  );
  expect(stream?.name).toBe("stream");
  expect(message).toMatchObject({ name: "message", path: ["stream"], text: "<a> &amp; A&unknown;" });
});

function entry(key: string, version: string, arch: string) {
  return { key, name: key, version, arch, installedAt: 0 };
}
