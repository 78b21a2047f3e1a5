// Loaded before the program. strace counts the calls of every thread by itself, and "the third fsync" is that of whichever
// thread comes to three first. So one thread first makes calls of one kind that do nothing, more than any other will make.
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";

const { LIFT_THREAD: thread, LIFT_CALL: call = "", LIFT_TIMES: times = "0" } = process.env;
delete process.env.LIFT_THREAD;
delete process.env.LIFT_CALL;
delete process.env.LIFT_TIMES;

const NOWHERE = "/nowhere/at/all";
const nothing = fs.openSync("/dev/null", "w");

/** Each is one call of its kind, by the main thread or in the thread pool; whether it works does not matter. */
const CALLS = {
  openat: [() => fs.openSync(NOWHERE), (done) => fs.open(NOWHERE, done)],
  write: [() => fs.writeSync(nothing, "."), (done) => fs.write(nothing, ".", done)],
  pwrite64: [() => fs.writeSync(nothing, ".", 0), (done) => fs.write(nothing, ".", 0, done)],
  ftruncate: [() => fs.ftruncateSync(nothing), (done) => fs.ftruncate(nothing, done)],
  fsync: [() => fs.fsyncSync(nothing), (done) => fs.fsync(nothing, done)],
  fdatasync: [() => fs.fdatasyncSync(nothing), (done) => fs.fdatasync(nothing, done)],
  fchmod: [() => fs.fchmodSync(nothing, 0o666), (done) => fs.fchmod(nothing, 0o666, done)],
  fchown: [() => fs.fchownSync(nothing, 0, 0), (done) => fs.fchown(nothing, 0, 0, done)],
  chmod: [() => fs.chmodSync(NOWHERE, 0o600), (done) => fs.chmod(NOWHERE, 0o600, done)],
  chown: [() => fs.chownSync(NOWHERE, 0, 0), (done) => fs.chown(NOWHERE, 0, 0, done)],
  lchown: [() => fs.lchownSync(NOWHERE, 0, 0), (done) => fs.lchown(NOWHERE, 0, 0, done)],
  utimensat: [() => fs.utimesSync(NOWHERE, 0, 0), (done) => fs.utimes(NOWHERE, 0, 0, done)],
  rename: [() => fs.renameSync(NOWHERE, NOWHERE), (done) => fs.rename(NOWHERE, NOWHERE, done)],
  link: [() => fs.linkSync(NOWHERE, NOWHERE), (done) => fs.link(NOWHERE, NOWHERE, done)],
  symlink: [() => fs.symlinkSync(".", NOWHERE), (done) => fs.symlink(".", NOWHERE, done)],
  unlink: [() => fs.unlinkSync(NOWHERE), (done) => fs.unlink(NOWHERE, done)],
  mkdir: [() => fs.mkdirSync(NOWHERE), (done) => fs.mkdir(NOWHERE, done)],
  rmdir: [() => fs.rmdirSync(NOWHERE), (done) => fs.rmdir(NOWHERE, done)],
  clone: [() => spawnSync(NOWHERE), undefined],
};

for (let n = 0; n < Number(times); n++) await (thread === "pool" ? inPool(CALLS[call][1]) : inMain(CALLS[call][0]));
fs.closeSync(nothing);

function inMain(act) {
  try {
    act();
  } catch {
    return;
  }
}

function inPool(act) {
  return new Promise((resolve) => act(() => resolve()));
}
