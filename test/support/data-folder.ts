// A server's root and store in a temporary folder, with the kind of data at work in it.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  lstatSync,
  readlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openMachine } from "../../reconciler/machine/real.ts";
import type { Machine } from "../../reconciler/machine/machine.ts";
import { DataSchool } from "./data-school.ts";

export class DataFolder {
  readonly base = mkdtempSync(join(tmpdir(), "reconcile-data-"));
  readonly root = join(this.base, "root");
  readonly machine: Machine;
  readonly school: DataSchool;
  /** What the clock shows is ahead of the real one by so much, milliseconds. */
  aheadMs = 0;

  constructor() {
    mkdirSync(join(this.root, "srv"), { recursive: true });
    mkdirSync(join(this.base, "state"));
    const real = openMachine({ root: this.root, state: join(this.base, "state") });
    // Time passes between boots: only the clock on the wall can tell how much.
    const clock = { ...real.clock, bootId: () => undefined, wallMs: () => real.clock.wallMs() + this.aheadMs };
    this.machine = { ...real, clock };
    this.school = new DataSchool(this.machine);
  }

  /** Another run of the program: nothing but the disk is left, and Memory. */
  reopened(machine = this.machine): DataSchool {
    const next = new DataSchool(machine);
    next.memory = this.school.memory;
    return next;
  }

  close(): void {
    rmSync(this.base, { recursive: true, force: true });
  }

  path(inside: string): string {
    return join(this.base, inside);
  }

  /** Files by name, relative to a folder of the base. */
  write(folder: string, files: Readonly<Record<string, string | Buffer>>): string {
    for (const [name, content] of Object.entries(files)) {
      const to = this.path(join(folder, name));
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, content);
    }
    return this.path(folder);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Content by name of all below a folder of the root, without the tree that the next version begins from. */
  tree(path: string): Record<string, string> {
    const found: Record<string, string> = {};
    const visit = (at: string, name: string): void => {
      const stat = lstatSync(at);
      if (stat.isSymbolicLink()) found[name] = `-> ${readlinkSync(at)}`;
      else if (stat.isFile()) found[name] = readFileSync(at, "utf8");
      else
        for (const child of readdirSync(at).filter((known) => !known.endsWith(".spare~")))
          visit(join(at, child), name === "" ? child : `${name}/${child}`);
    };
    visit(join(this.root, path), "");
    return Object.fromEntries(Object.entries(found).sort());
  }

  /** Names that we left beside the items. */
  left(folder = "srv"): string[] {
    return readdirSync(join(this.root, folder)).filter((name) => name.endsWith("~"));
  }
}
