// How the kernel's list of locks is read.
import { expect, test } from "@jest/globals";
import { deviceOf, parseLocks } from "../../../../../reconciler/resources/managers/apt/lock.ts";

test.each([
  [0xfe00, "fe:00"],
  [0x0027, "00:27"],
  [0x0811, "08:11"],
  // Minor numbers above 255 lie on both sides of the major one.
  [0x100801, "08:101"],
])("device %d is %s", (dev, text) => {
  expect(deviceOf(dev)).toBe(text);
});

test("only those who hold a lock that stops dpkg count", () => {
  const text = [
    "1: POSIX  ADVISORY  WRITE 612 fe:00:1589305 0 EOF",
    "1: -> POSIX  ADVISORY  WRITE 700 fe:00:1589305 0 EOF",
    "2: FLOCK  ADVISORY  WRITE 613 fe:00:1589305 0 EOF",
    "3: POSIX  ADVISORY  READ  614 fe:00:1589305 128 128",
    "4: OFDLCK ADVISORY  WRITE -1 00:27:11635 0 EOF",
    "nonsense",
  ].join("\n");
  expect(parseLocks(text)).toEqual([
    { pid: 612, device: "fe:00", inode: 1589305 },
    { pid: undefined, device: "00:27", inode: 11635 },
  ]);
});
