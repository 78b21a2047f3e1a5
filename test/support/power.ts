// Real files in, the same files behind one switch out: the power goes at the n-th change, and then nothing answers.
import type { Files } from "../../reconciler/machine/machine.ts";
import { PowerCut } from "./memory-files.ts";

/** One supply for everything that is plugged in: the managed root and the state directory of one server. */
export class PowerSupply {
  #changes = 0;
  #cutAt: number | undefined;
  #isOn = true;

  /** Before the n-th change from now (counted from 1) the power goes. */
  cutAt(n: number): void {
    this.#cutAt = this.#changes + n;
  }

  get isOn(): boolean {
    return this.#isOn;
  }

  /** Changes so far. */
  get changes(): number {
    return this.#changes;
  }

  plug(files: Files): Files {
    const look = <A extends readonly unknown[], R>(act: (...given: A) => R): ((...given: A) => R) => {
      return (...given) => {
        if (!this.#isOn) throw new PowerCut();
        return act(...given);
      };
    };
    const change = <A extends readonly unknown[], R>(act: (...given: A) => R): ((...given: A) => R) => {
      return look((...given) => {
        this.#changes++;
        if (this.#changes === this.#cutAt) this.#isOn = false;
        if (!this.#isOn) throw new PowerCut();
        return act(...given);
      });
    };
    return {
      stat: look((path) => files.stat(path)),
      stats: look((paths) => files.stats(paths)),
      read: look((path, limit) => files.read(path, limit)),
      digest: look((path) => files.digest(path)),
      readLink: look((path) => files.readLink(path)),
      list: look((path) => files.list(path)),
      space: look((path) => files.space(path)),
      create: change((path, bytes, permissions) => files.create(path, bytes, permissions)),
      copyIn: change((from, to, permissions) => files.copyIn(from, to, permissions)),
      append: change((path, bytes) => files.append(path, bytes)),
      jot: change((path, bytes) => files.jot(path, bytes)),
      copyAttributes: change((from, to) => files.copyAttributes(from, to)),
      copyAttributesOfMany: change((pairs) => files.copyAttributesOfMany(pairs)),
      makeDirectory: change((path, permissions) => files.makeDirectory(path, permissions)),
      removeDirectory: change((path) => files.removeDirectory(path)),
      makeSymlink: change((target, path, permissions) => files.makeSymlink(target, path, permissions)),
      link: change((from, to) => files.link(from, to)),
      rename: change((from, to) => files.rename(from, to)),
      unlink: change((path) => files.unlink(path)),
      setPermissions: change((path, permissions) => files.setPermissions(path, permissions)),
      syncDirectory: change((path) => files.syncDirectory(path)),
    };
  }
}
