// Sockets in; which services hold them, as far as the processes of this server tell, out.
import { FileError, type FileReader } from "../../machine/machine.ts";
import { textIfAny } from "./text.ts";

export type ProcessReader = Pick<FileReader, "read" | "list" | "readLink">;

export interface Owner {
  /** Name of the systemd service, without `.service`. Elsewhere the name of the program. */
  readonly service: string;
  /** Somebody started it by hand, and may end it at any time. */
  readonly passing: boolean;
}

/** By the inode of the socket. One that the kernel holds itself, or that may not be looked for, has no owner. */
export async function ownersOf(files: ProcessReader, inodes: ReadonlySet<number>): Promise<ReadonlyMap<number, Owner>> {
  const owners = new Map<number, Owner>();
  for (const pid of orNone(() => files.list("/proc")).filter((name) => /^\d+$/u.test(name))) {
    const held = socketsOf(files, pid).filter((inode) => inodes.has(inode) && !owners.has(inode));
    if (held.length === 0) continue;
    const owner = await ownerOf(files, pid);
    for (const inode of held) owners.set(inode, owner);
  }
  return owners;
}

function socketsOf(files: ProcessReader, pid: string): readonly number[] {
  const folder = `/proc/${pid}/fd`;
  return orNone(() => files.list(folder)).flatMap((name) =>
    orNone(() => [files.readLink(`${folder}/${name}`)]).flatMap((target) => {
      const inode = /^socket:\[(\d+)\]$/u.exec(target)?.[1];
      return inode === undefined ? [] : [Number(inode)];
    }),
  );
}

async function ownerOf(files: ProcessReader, pid: string): Promise<Owner> {
  const groups = await textIfAny(files, `/proc/${pid}/cgroup`);
  const unit = /\/system\.slice\/(?:.*\/)?([A-Za-z0-9:_.@\\-]+)\.service(?:\/|$)/mu.exec(groups)?.[1];
  const [, program = "", terminal = "0"] =
    /^\d+ \((.*)\) \S -?\d+ -?\d+ -?\d+ (-?\d+) /su.exec(await textIfAny(files, `/proc/${pid}/stat`)) ?? [];
  return { service: unit ?? program, passing: terminal !== "0" || groups.includes("/user.slice/") };
}

/** Processes end while they are looked at. */
function orNone(look: () => string[]): string[] {
  try {
    return look();
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
