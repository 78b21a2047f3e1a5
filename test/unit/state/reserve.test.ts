// Bytes set aside for the day when the disk is full: kept once, given back then, and made again when there is room.
import { beforeEach, describe, expect, test } from "@jest/globals";
import { FileError } from "../../../reconciler/machine/machine.ts";
import { keepReserve, spendReserve, tryWithReserve, withReserve } from "../../../reconciler/state/reserve.ts";
import { replaceFile } from "../../../reconciler/state/slots.ts";
import { gzipSync } from "node:zlib";
import { MemoryFiles } from "../../support/memory-files.ts";

const MIB = 1024 * 1024;
let state: MemoryFiles;

beforeEach(() => {
  state = new MemoryFiles();
});

function free(bytes: number): void {
  state.room = { ...state.room, bytes };
}

function size(): number | undefined {
  return state.stat("/reserve")?.size;
}

describe("it is kept", () => {
  test("private, and so that no file system makes less of it", async () => {
    await keepReserve(state, 5 * MIB);
    expect(state.stat("/reserve")).toMatchObject({ type: "regular", mode: 0o600, size: 5 * MIB });
    const bytes = await state.read("/reserve");
    expect(gzipSync(bytes).length).toBeGreaterThan(bytes.length * 0.99);
  });

  test("once: a calm run writes nothing", async () => {
    await keepReserve(state, MIB);
    const before = state.mutations;
    await keepReserve(state, MIB);
    expect(state.mutations).toBe(before);
  });

  test.each([
    ["larger", 2 * MIB, 2 * MIB],
    ["smaller", MIB / 2, MIB / 2],
    ["not at all", 0, undefined],
  ])("%s when somebody wants it so", async (_, bytes, kept) => {
    await keepReserve(state, MIB);
    await keepReserve(state, bytes);
    expect(size()).toBe(kept);
  });

  test("not on a disk that has better uses for it", async () => {
    free(4 * MIB - 1);
    await keepReserve(state, MIB);
    expect(size()).toBeUndefined();
    free(4 * MIB);
    await keepReserve(state, MIB);
    expect(size()).toBe(MIB);
  });

  test.each(["ENOSPC", "EROFS", "EDQUOT"])("or not at all, when the disk says %s half way", async (code) => {
    state.failAt(2, code);
    await keepReserve(state, 6 * MIB);
    expect(size()).toBeUndefined();
    await keepReserve(state, 6 * MIB);
    expect(size()).toBe(6 * MIB);
  });

  test("anew, when a power cut left half of it", async () => {
    await keepReserve(state, 2 * MIB);
    state.put("/reserve", Buffer.alloc(MIB));
    await keepReserve(state, 2 * MIB);
    expect(size()).toBe(2 * MIB);
  });
});

describe("it is given back", () => {
  test.each([
    ["no bytes", { bytes: MIB }],
    ["no inodes", { inodes: 3 }],
  ])("when there are %s left, and told", async (_, room) => {
    await keepReserve(state, MIB);
    expect(spendReserve(state)).toEqual([]);
    state.room = { ...state.room, ...room };
    expect(spendReserve(state).map(({ code }) => code)).toEqual(["reserve-spent"]);
    expect(size()).toBeUndefined();
    expect(spendReserve(state)).toEqual([]);
  });

  test.each(["ENOSPC", "EDQUOT"])("when a write says %s, which then works", async (code) => {
    await keepReserve(state, MIB);
    state.failAt(state.mutations + 1, code);
    await replaceFile(state, "/ledger.a", Buffer.from("whole"));
    expect(size()).toBeUndefined();
    expect((await state.read("/ledger.a")).toString()).toBe("whole");
  });

  test("not for any other trouble, and not twice", async () => {
    await keepReserve(state, MIB);
    const fails = (code: string) => withReserve(state, () => Promise.reject(new FileError(code, "append", "/x")));
    await expect(fails("EIO")).rejects.toMatchObject({ code: "EIO" });
    expect(size()).toBe(MIB);
    await expect(fails("ENOSPC")).rejects.toMatchObject({ code: "ENOSPC" });
    expect(size()).toBeUndefined();
  });

  test("when what is told says that the disk is full", async () => {
    await keepReserve(state, MIB);
    const told = [[{ code: "file-enospc", what: "full" }], []];
    expect(await tryWithReserve(state, () => Promise.resolve(told.shift() ?? []))).toEqual([]);
    expect([told, size()]).toEqual([[], undefined]);
  });
});
