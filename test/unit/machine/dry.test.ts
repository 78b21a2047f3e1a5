// A dry machine answers as the real one does, and leaves it as it is.
import { expect, test } from "@jest/globals";
import { dryMachine } from "../../../reconciler/machine/dry.ts";
import { MemoryFiles } from "../../support/memory-files.ts";
import type { Machine } from "../../../reconciler/machine/machine.ts";

function machineOf(files: MemoryFiles, ran: string[]): Machine {
  const run = async (argv: readonly string[]) => {
    ran.push(argv.join(" "));
    return { code: 0, stdout: Buffer.from("real"), stderr: "" };
  };
  const clock = { wallMs: () => 1, monotonicMs: () => 2 };
  const hostPath = (path: string): string => path;
  return { files, store: { files, hostPath }, clock, live: true, privileged: true, hostPath, query: run, run };
}

test("a dry machine looks, and swallows every touch", async () => {
  const files = new MemoryFiles();
  files.put("/a", "x");
  const ran: string[] = [];
  const dry = dryMachine(machineOf(files, ran));
  const before = files.snapshot();
  expect(dry.swallowed()).toBe(0);
  expect((await dry.files.read("/a")).toString()).toBe("x");
  await dry.files.create("/b", Buffer.from("y"), { mode: 0o600 });
  expect(await dry.files.copyIn({ folder: "/", path: "/a" }, "/b", { mode: 0o600 })).toBe("");
  await dry.files.append("/a", Buffer.from("y"));
  await dry.files.copyAttributes("/a", "/b");
  await dry.files.copyAttributesOfMany([["/a", "/b"]]);
  dry.files.makeDirectory("/d", {});
  dry.files.removeDirectory("/d");
  dry.files.makeSymlink("a", "/l", {});
  dry.files.link("/a", "/c");
  dry.files.rename("/a", "/c");
  dry.files.unlink("/a");
  dry.files.setPermissions("/a", { mode: 0 });
  await dry.files.syncDirectory("/");
  expect((await dry.run(["reboot"], { timeoutMs: 1 })).stdout.toString()).toBe("");
  expect((await dry.query(["uname"], { timeoutMs: 1 })).stdout.toString()).toBe("real");
  expect(dry.swallowed()).toBe(14);
  expect(ran).toEqual(["uname"]);
  expect(files.snapshot()).toEqual(before);
  expect(files.mutations).toBe(0);
});
