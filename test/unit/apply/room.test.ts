// Room for the whole run: what every kind needs is added up for each file system before anything is begun.
import { expect, test } from "@jest/globals";
import { roomFor, runItself } from "../../../reconciler/apply/room.ts";
import { FileError, type Machine, type Space } from "../../../reconciler/machine/machine.ts";
import type { Need } from "../../../reconciler/resources/kind.ts";
import { memoryMachine } from "../../support/data-machine.ts";
import { MemoryFiles } from "../../support/memory-files.ts";

const MIB = 1024 * 1024;
const FREE: Space = { bytes: 100 * MIB, inodes: 1000, readOnly: false, device: 1 };

/** A machine with these file systems, by the folder that is asked for. */
function machineWith(spaces: Readonly<Record<string, Partial<Space>>>, store: Partial<Space> = { device: 9 }): Machine {
  const [files, storeFiles] = [new MemoryFiles(), new MemoryFiles()];
  files.space = (path) => ({ ...FREE, ...spaces[path] });
  storeFiles.space = () => ({ ...FREE, ...store });
  return memoryMachine(files, { store: storeFiles });
}

function kindWith(...needs: readonly Partial<Need>[]) {
  const whole = needs.map((need) => ({ path: "/a/x", folder: "/a", bytes: 0, inodes: 0, marginBytes: 0, ...need }));
  return [{ needs: () => whole }, []] as const;
}

function told(machine: Machine, ...kinds: readonly ReturnType<typeof kindWith>[]) {
  return roomFor(machine, kinds).map(({ code, where, what }) => [
    code,
    where?.file,
    what.replace(/^its file system has /u, ""),
  ]);
}

test("two kinds that fit one by one do not fit beside one another", () => {
  const machine = machineWith({});
  const [one, other] = [kindWith({ bytes: 60 * MIB }), kindWith({ path: "/b/y", folder: "/b", bytes: 50 * MIB })];
  expect([told(machine, one), told(machine, other)]).toEqual([[], []]);
  expect(told(machine, one, other)).toEqual([
    ["no-space", "/a/x", "100.0 MiB free; this run needs 110.0 MiB and leaves 0.0 MiB in reserve"],
  ]);
  expect(told(machineWith({ "/b": { device: 2 } }), one, other)).toEqual([]);
});

test("the widest margin on a file system counts, once", () => {
  const kinds = [
    kindWith({ bytes: 50 * MIB, marginBytes: 8 * MIB }),
    kindWith({ bytes: 20 * MIB, marginBytes: 32 * MIB }),
  ];
  expect(told(machineWith({}), ...kinds)).toEqual([
    ["no-space", "/a/x", "100.0 MiB free; this run needs 70.0 MiB and leaves 32.0 MiB in reserve"],
  ]);
  expect(told(machineWith({ "/a": { bytes: 102 * MIB } }), ...kinds)).toEqual([]);
});

test("inodes are counted like bytes, and leave some for others when something comes", () => {
  const many = kindWith({ inodes: 950 });
  expect(told(machineWith({}), many)).toEqual([]);
  expect(told(machineWith({}), many, kindWith({ inodes: 1, marginBytes: 1 }))).toEqual([
    ["no-inodes", "/a/x", expect.stringContaining("needs 951 and leaves 64")],
  ]);
  expect(told(machineWith({ "/a": { inodes: Infinity } }), many, many)).toEqual([]);
});

test("a read-only file system, even for what needs nothing of it", () => {
  expect(told(machineWith({ "/a": { readOnly: true } }), kindWith({}))).toEqual([
    ["read-only", "/a/x", expect.any(String)],
  ]);
});

test("what the run writes for itself counts where the state lies", () => {
  const steps = Array.from({ length: 1000 }, () => ({}) as never);
  const state = { device: 1, bytes: 100 * MIB };
  expect(told(machineWith({}, state), kindWith({ bytes: 97 * MIB }))).toEqual([]);
  const both = roomFor(machineWith({}, state), [kindWith({ bytes: 99 * MIB }), [runItself, steps]]);
  expect(both.map(({ code }) => code)).toEqual(["no-space"]);
  const alone = roomFor(machineWith({}, { device: 2, bytes: MIB }), [[runItself, steps]]);
  expect(alone).toMatchObject([{ code: "no-space", where: { file: "/nowhere/" } }]);
});

test("a folder that cannot be asked is told", () => {
  const machine = machineWith({});
  machine.files.space = (path) => {
    throw new FileError("EACCES", "measure space", path);
  };
  expect(roomFor(machine, [kindWith({})])).toMatchObject([{ code: "file-eacces", where: { file: "/a" } }]);
});
