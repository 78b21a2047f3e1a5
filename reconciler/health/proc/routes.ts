// The kernel's tables of routes and neighbours in; the ways that lead out of here, and who was heard of late, out.
import type { FileReader } from "../../machine/machine.ts";
import { addressOf } from "./address.ts";
import { textIfAny } from "./text.ts";

export interface DefaultRoute {
  readonly family: 4 | 6;
  readonly device: string;
  /** Left out on a line with one other end, such as a modem's. */
  readonly gateway?: string;
}

const UP = 0x1;
const TO_GATEWAY = 0x2;
/** Also set for the route of last resort, which leads nowhere. */
const REJECT = 0x200;
const COMPLETE = 0x2;

/** Those that are in use, each once. */
export async function defaultRoutes(files: Pick<FileReader, "read">): Promise<readonly DefaultRoute[]> {
  const four = (await textIfAny(files, "/proc/net/route")).split("\n").flatMap(routeOfFour);
  const six = (await textIfAny(files, "/proc/net/ipv6_route")).split("\n").flatMap(routeOfSix);
  return [...new Map([...four, ...six].map((route) => [JSON.stringify(route), route])).values()];
}

function routeOfFour(line: string): DefaultRoute[] {
  const fields = /^(\S+)\t0{8}\t([\dA-F]{8})\t([\dA-F]{4})\t\d+\t\d+\t\d+\t0{8}\t/u.exec(line);
  return fields === null ? [] : routeOf(4, fields[1], fields[2], fields[3]);
}

function routeOfSix(line: string): DefaultRoute[] {
  const fields = /^0{32} 00 0{32} 00 ([\da-f]{32}) [\da-f]{8} [\da-f]{8} [\da-f]{8} ([\da-f]{8}) +(\S+)$/u.exec(line);
  return fields === null ? [] : routeOf(6, fields[3], fields[1], fields[2]);
}

function routeOf(family: 4 | 6, device = "", gateway = "", hexFlags = ""): DefaultRoute[] {
  const flags = Number.parseInt(hexFlags, 16);
  if ((flags & UP) === 0 || (flags & REJECT) !== 0 || device === "lo") return [];
  if ((flags & TO_GATEWAY) === 0) return [{ family, device }];
  return [{ family, device, gateway: addressOf(gateway, family === 6) }];
}

/** Whether its hardware address is known: somebody on the cable answered for it. */
export async function isNeighbour(files: Pick<FileReader, "read">, address: string, device: string): Promise<boolean> {
  const lines = (await textIfAny(files, "/proc/net/arp")).split("\n");
  return lines.some((line) => {
    const [ip, , flags = "0", , , where] = line.trim().split(/\s+/u);
    return ip === address && where === device && (Number(flags) & COMPLETE) !== 0;
  });
}
