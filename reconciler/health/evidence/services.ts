// Where this server listens, and what is about to be changed, in; a question for each service that others may use out.
import type { Probe } from "../../model/health.ts";
import type { Change } from "../../model/plan.ts";
import { kindOf, nameOf } from "../../model/state.ts";
import { ownersOf, type Owner, type ProcessReader } from "../proc/owners.ts";
import { isHandedOut, listeningSockets, type Listening } from "../proc/sockets.ts";

/** A busy school server has a dozen. */
const MOST = 30;
/** Of programs that ask for an address of their own: where they listen is not what anybody uses. */
const CLIENTS: ReadonlySet<string> = new Set(["udp 68", "udp 546"]);

interface Found {
  readonly name: string;
  readonly probe: Probe;
}

/** The lowest ports first: that is where the services are that everybody needs. */
export async function servicesInReach(files: ProcessReader, changes: readonly Change[]): Promise<readonly Found[]> {
  const handedOut = await isHandedOut(files);
  const open = (await listeningSockets(files)).filter(({ port }) => !handedOut(port)).filter(isService);
  const owners = await ownersOf(files, new Set(open.map(({ inode }) => inode)));
  const going = goingDown(changes);
  const lasting = open.filter(({ inode }) => isLasting(owners.get(inode), going));
  const found = lasting.map((socket) => [sortKey(socket), questionOf(socket, owners.get(socket.inode))] as const);
  const inOrder = [...new Map(found)].sort(([one], [other]) => (one < other ? -1 : 1));
  return inOrder.slice(0, MOST).map(([, question]) => question);
}

function isService({ protocol, port }: Listening): boolean {
  return !CLIENTS.has(`${protocol} ${port}`);
}

function isLasting(owner: Owner | undefined, going: readonly string[]): boolean {
  return owner === undefined || (!owner.passing && !going.some((name) => isRelated(owner.service, name)));
}

/** Names of services that are to stop, and of packages that are to go. */
function goingDown(changes: readonly Change[]): readonly string[] {
  return changes.flatMap(({ id, after }) => {
    const stops = after.type === "service" && (after.running === false || after.masked === true);
    return stops || (kindOf(id) === "package" && after.type === "absent") ? [nameOf(id)] : [];
  });
}

/** `apache2` and `apache2-bin`, `openvpn@school` and `openvpn`. */
function isRelated(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one];
  return long === short || long.startsWith(`${short}-`) || long.startsWith(`${short}@`);
}

function sortKey({ protocol, port }: Listening): string {
  return `${String(port).padStart(5, "0")} ${protocol}`;
}

function questionOf({ protocol, port }: Listening, owner: Owner | undefined): Found {
  const known = owner === undefined ? {} : { service: owner.service };
  return {
    name: `port ${port}${protocol === "udp" ? " (udp)" : ""}`,
    probe: { type: "listens", protocol, port, ...known },
  };
}
