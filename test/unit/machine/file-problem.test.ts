// Every trouble with a file is told in plain words.
import { expect, test } from "@jest/globals";
import { describeProblem } from "../../../common/problem.ts";
import { describeFileError } from "../../../reconciler/machine/file-problem.ts";
import { FileError } from "../../../reconciler/machine/machine.ts";

const known = "ENOSPC EDQUOT EROFS EACCES EPERM EIO EMFILE ENOTDIR EISDIR ELOOP ENAMETOOLONG EXDEV ELEAVESROOT ETOOBIG";

test.each(known.split(" "))("%s is told with its place and a remedy, without jargon", (code) => {
  const problem = describeFileError(new FileError(code, "create", "/etc/motd"));
  expect(problem).toMatchObject({ code: `file-${code.toLowerCase()}`, where: { file: "/etc/motd" } });
  expect(problem.what).toMatch(/^cannot create: \w/);
  expect(problem.what).not.toContain(code);
  expect(problem.hint).toBeTruthy();
});

test("a code without words of its own is still told", () => {
  expect(describeFileError(new FileError("EWEIRD", "rename", "/a"))).toEqual({
    code: "file-eweird",
    where: { file: "/a" },
    what: "cannot rename: the system says EWEIRD",
  });
});

test("a path cannot speak to the terminal", () => {
  const words = describeProblem(describeFileError(new FileError("EIO", "read", "/a\u001b[31m")));
  expect(words).not.toContain("\u001b");
});
