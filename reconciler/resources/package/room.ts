// Steps in; whether what they unpack fits onto the disk out. Managers do not say beforehand, so it is a careful guess.
import type { MachineReader, Space } from "../../machine/machine.ts";
import type { Problem } from "../../../common/problem.ts";
import { telling } from "../file/telling.ts";
import type { Step } from "../kind.ts";
import { archiveBytes } from "./archives.ts";
import { actionsOf } from "./states.ts";

/** An archive is packed, and while it is unpacked the old files are still there. */
const UNPACKED = 3;
/** Of a package of which no older version is here. Half of those of a distribution are smaller than a tenth of this. */
const TYPICAL_BYTES = 4 * 1024 * 1024;
/** For logs and logins, and for the manager's own lists. */
const RESERVE_BYTES = 32 * 1024 * 1024;
const PLACES = ["/usr", "/var"];

export function roomForPackages(machine: MachineReader, steps: readonly Step[]): readonly Problem[] {
  const coming = steps.filter(({ change }) => actionsOf([change]).some(({ to }) => to !== undefined));
  const isMoving = actionsOf(steps.map(({ change }) => change)).length > 0;
  if (!isMoving) return [];
  return telling(() => {
    const known = coming.map(({ backup }) => (backup === undefined ? 0 : archiveBytes(machine.store, backup)));
    const bytes = known.reduce((sum, size) => sum + (size > 0 ? size * UNPACKED : TYPICAL_BYTES), 0);
    // Taking things away may use even the reserve, because it makes room.
    return shortages(machine, coming.length === 0 ? 0 : bytes + RESERVE_BYTES);
  });
}

function shortages({ files }: MachineReader, bytes: number): readonly Problem[] {
  const devices = new Map(PLACES.map((place) => [files.space(place).device, place]));
  return [...devices.values()].flatMap((place) => shortage(place, files.space(place), bytes));
}

function shortage(place: string, space: Space, bytes: number): readonly Problem[] {
  const where = { file: place };
  if (space.readOnly) {
    const what = "lies on a file system that is mounted read-only, and packages are to be changed";
    return [{ code: "read-only", where, what, hint: "mount it read-write, or look why the kernel made it read-only" }];
  }
  if (space.bytes >= bytes) return [];
  const what = `its file system has ${mebibytes(space.bytes)} free; the packages of this run may need ${mebibytes(bytes)}`;
  return [{ code: "no-space", where, what, hint: "free some space; nothing was changed" }];
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
