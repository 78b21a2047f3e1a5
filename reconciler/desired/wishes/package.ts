// A merged entry of `packages:`, and the merged `updates:`, in; a PackageWish, and the Updates, out.
import { refuse, succeed } from "../../../common/problem.ts";
import type { Result, Where } from "../../../common/problem.ts";
import type { PackageWish } from "../../model/desired.ts";
import type { Updates } from "../../model/target.ts";
import { present } from "../nullable.ts";
import type { WrittenPackage, WrittenUpdates } from "../written-system.ts";

export function toPackageWish(name: string, written: WrittenPackage, where: Where): Result<PackageWish> {
  const { version, minimum, absent, held } = written;
  if (absent && held) {
    const hint = "take held out, or absent";
    return refuse({ code: "idle-word", where, what: "held means nothing where the package should be absent", hint });
  }
  const kept = { ...present("version", version), ...present("minimum", minimum), ...present("held", held) };
  const state: PackageWish["state"] = absent ? { type: "absent" } : { type: "installed", ...kept };
  return succeed({ name, where, names: written.names ?? {}, state, ...present("window", written.window) });
}

export function toUpdates({ which, window, except }: WrittenUpdates): Updates {
  return { which: which ?? "none", ...present("window", window), except: [...new Set(except)].sort() };
}
