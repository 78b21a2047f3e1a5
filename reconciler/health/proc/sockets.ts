// The kernel's tables of sockets in; where this server listens for others out.
import type { FileReader } from "../../machine/machine.ts";
import { addressOf } from "./address.ts";
import { textIfAny } from "./text.ts";

export interface Listening {
  readonly protocol: "tcp" | "udp";
  /** An address of this server; `0.0.0.0` or `::` for all of them. */
  readonly address: string;
  readonly port: number;
  /** By which the process that holds it can be found. */
  readonly inode: number;
}

const TABLES = [
  { path: "/proc/net/tcp", protocol: "tcp", listens: "0A" },
  { path: "/proc/net/tcp6", protocol: "tcp", listens: "0A" },
  { path: "/proc/net/udp", protocol: "udp", listens: "07" },
  { path: "/proc/net/udp6", protocol: "udp", listens: "07" },
] as const;
/** number, local address:port, the other end, state, queues, timer, retransmissions, user, time left, inode. */
const LINE =
  /^\s*\d+: ((?:[\dA-F]{8}){1,4}):([\dA-F]{4}) [\dA-F]+:([\dA-F]{4}) ([\dA-F]{2}) \S+ \S+ \S+ +\d+ +\d+ (\d+) /u;

/** Without those that only this server itself can reach. */
export async function listeningSockets(files: Pick<FileReader, "read">): Promise<readonly Listening[]> {
  const tables = await Promise.all(
    TABLES.map(async ({ path, protocol, listens }) => {
      const lines = (await textIfAny(files, path)).split("\n");
      return lines.flatMap((line) => listeningIn(line, protocol, listens));
    }),
  );
  return tables.flat().filter(({ address }) => !isLoopback(address));
}

function listeningIn(line: string, protocol: Listening["protocol"], listens: string): Listening[] {
  const [, hex = "", port = "", otherPort, state, inode] = LINE.exec(line) ?? [];
  // A socket of UDP that has another end is no service.
  if (state !== listens || otherPort !== "0000") return [];
  return [{ protocol, address: addressOf(hex), port: Number.parseInt(port, 16), inode: Number(inode) }];
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}

/** Ports that the kernel hands out to whoever asks for any: no service is known by one of them. */
export async function isHandedOut(files: Pick<FileReader, "read">): Promise<(port: number) => boolean> {
  const range = /^(\d+)\s+(\d+)/u.exec(await textIfAny(files, "/proc/sys/net/ipv4/ip_local_port_range"));
  const [first, last] = range === null ? [32_768, 60_999] : [Number(range[1]), Number(range[2])];
  return (port) => port >= first && port <= last;
}
