// A merged entry of `services:` in; a ServiceWish, or why it contradicts itself, out.
import { refuse, succeed } from "../../../common/problem.ts";
import type { Result, Where } from "../../../common/problem.ts";
import type { ServiceWish } from "../../model/desired.ts";
import type { Running } from "../../model/target.ts";
import { present } from "../nullable.ts";
import type { WrittenService } from "../written-system.ts";

const DEFAULT_SETTLE_S = 10;

export function toServiceWish(name: string, written: WrittenService, where: Where): Result<ServiceWish> {
  const against = written.masked ? (["running", "enabled"] as const).filter((word) => written[word]) : [];
  if (against.length > 0) {
    const what = `nobody can start a masked service, and this one should be ${against.join(" and ")}`;
    const hint = "write masked: false, or masked and nothing else about its state";
    return refuse({ code: "masked-and-running", where, what, hint });
  }
  const names = written.names ?? {};
  const after = [...new Set(written.after)].sort();
  return succeed({
    name,
    where,
    names,
    state: stateOf(written),
    running: runningOf(written),
    after,
    ...windowOf(written),
  });
}

/** Who wants it to run or to start with the server wants it not to be masked. */
function stateOf({ enabled, running, masked }: WrittenService): ServiceWish["state"] {
  const implied = masked ?? (enabled || running ? false : undefined);
  return {
    type: "service",
    ...present("enabled", enabled),
    ...present("running", running),
    ...present("masked", implied),
  };
}

function runningOf({ reads, packages, renew, settle_s: settle }: WrittenService): Running {
  return {
    reads: [...new Set(reads)].sort(),
    packages: [...new Set(packages)].sort(),
    renew: renew ?? "reload",
    settleMs: Math.round((settle ?? DEFAULT_SETTLE_S) * 1000),
  };
}

function windowOf({ window }: WrittenService): Pick<ServiceWish, "window"> {
  return present("window", window);
}
