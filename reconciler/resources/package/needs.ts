// Steps in; what they will take of the disk out. Managers do not say beforehand, so it is a careful guess.
import type { MachineReader } from "../../machine/machine.ts";
import type { Need, Step } from "../kind.ts";
import { archiveBytes } from "./archives.ts";
import { actionsOf } from "./states.ts";

/** An archive is packed, and while it is unpacked the old files are still there. */
const UNPACKED = 3;
/** Of a package of which no older version is here. Half of those of a distribution are smaller than a tenth of this. */
const TYPICAL_BYTES = 4 * 1024 * 1024;
/** For logs and logins, and for the manager's own lists. */
const MARGIN_BYTES = 32 * 1024 * 1024;
const PLACES = ["/usr", "/var"];

/** Where both places lie on one file system, it holds all of it once. */
export function needsOfPackages({ files, store }: MachineReader, steps: readonly Step[]): readonly Need[] {
  if (actionsOf(steps.map(({ change }) => change)).length === 0) return [];
  const coming = steps.filter(({ change }) => actionsOf([change]).some(({ to }) => to !== undefined));
  const known = coming.map(({ backup }) => (backup === undefined ? 0 : archiveBytes(store, backup)));
  const bytes = known.reduce((sum, size) => sum + (size > 0 ? size * UNPACKED : TYPICAL_BYTES), 0);
  const places = new Map(PLACES.map((place) => [files.space(place).device, place]));
  const marginBytes = coming.length === 0 ? 0 : MARGIN_BYTES;
  return [...places.values()].map((place) => ({ path: place, folder: place, bytes, inodes: 0, marginBytes }));
}
