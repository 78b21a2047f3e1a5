// A machine in, whoever looks after its services out.
import type { FileReader, MachineReader } from "../../machine/machine.ts";
import { embedded } from "./embedded.ts";
import { embeddedOffline } from "./embedded-offline.ts";
import { SUPERVISED_SERVICES, SUPERVISE_SOCKET } from "./embedded-protocol.ts";
import { isThere } from "./init-scripts.ts";
import { openrc } from "./openrc.ts";
import type { Supervisor, ServiceAction } from "./supervisor.ts";
import { systemd } from "./systemd.ts";
import { systemdOffline } from "./systemd-offline.ts";
import { sysvinit } from "./sysvinit.ts";

/** Undefined where nobody does: a container without one, a folder that is no server. */
export function detectSupervisor({ files, store, live, booting }: MachineReader): Supervisor | undefined {
  if (live && isThere(files, "/run/systemd/system")) return systemd;
  if (live && isThere(files, "/run/openrc")) return booting === true ? leftToTheBoot(openrc) : openrc;
  // A socket is a fact; that there is an inittab says only what could be.
  if (isThere(store.files, SUPERVISE_SOCKET)) return embedded;
  if (live && isSysv(files)) return booting === true ? leftToTheBoot(sysvinit) : sysvinit;
  if (live) return undefined;
  if (SYSTEMD_ITSELF.some((path) => isThere(files, path))) return systemdOffline;
  return isThere(files, SUPERVISED_SERVICES) ? embeddedOffline : undefined;
}

/** What is to run starts by itself, with what it needs; started now, it would wait for what waits for us. */
function leftToTheBoot(supervisor: Supervisor): Supervisor {
  return {
    ...supervisor,
    act: (machine, action, ...rest) =>
      LASTING.has(action) ? supervisor.act(machine, action, ...rest) : Promise.resolve([]),
  };
}

const LASTING: ReadonlySet<ServiceAction> = new Set(["enable", "disable", "mask", "unmask"]);

const SYSTEMD_ITSELF = ["/usr/lib/systemd/systemd", "/lib/systemd/systemd"];

function isSysv(files: FileReader): boolean {
  return isThere(files, "/run/initctl") || (isThere(files, "/etc/inittab") && isThere(files, "/etc/init.d"));
}
