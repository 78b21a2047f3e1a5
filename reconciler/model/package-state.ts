// Packages of the distribution, as states.
import type { Absent } from "./absent.ts";

export interface Installed {
  readonly type: "installed";
  /** In the words of the distribution. Seen: always there. Wanted: exactly this one, or any when left out. */
  readonly version?: string;
  /**
   * Wanted: this version or a newer one. Seen: the wanted minimum, where the version at hand is as new as that; only the
   * package manager knows how its versions compare.
   */
  readonly minimum?: string;
  /** Whether the package manager is told to leave it at its version. Not cared for when left out. */
  readonly held?: boolean;
}

export type PackageState = Installed | Absent;
