// A school in; its server as it stood at some moment, to come back to as often as needed: root, state and its copy.
import { execFileSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { treeLines, type School } from "./school.ts";

export class SavedSchool {
  readonly #school: School;

  constructor(school: School) {
    this.#school = school;
  }

  save(name: string): void {
    for (const part of PARTS) copy(this.#at(part), this.#at(`${name}-${part}`.replaceAll(" ", "-")));
  }

  restore(name: string): void {
    for (const part of PARTS) copy(this.#at(`${name}-${part}`.replaceAll(" ", "-")), this.#at(part));
  }

  /** What a person would call the same tree, without hidden names of ours: what waits beside its place. */
  tree(): readonly string[] {
    return treeLines(this.#school.snapshot()).filter((line) => !/^\S*\/\.[^/ ]+~[/ ]/u.test(line));
  }

  #at(part: string): string {
    return join(this.#school.forge.directory, part);
  }
}

const PARTS = ["root", "state", "state-copy"];

/** With everything but inode numbers and the time of that change; second names stay second names. */
function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  if (existsSync(from)) execFileSync("cp", ["-a", from, to]);
}
