// The type of a variable and its value in; why the value is not of that type, or nothing, out.
import { isIP } from "node:net";

export type ValueType =
  | "text"
  | "number"
  | "boolean"
  | "address"
  | "network"
  | "port"
  | "hostname"
  | "interface"
  | "path"
  | "list"
  | "choice";

const TRUE = ["yes", "true", "on", "1"];
const FALSE = ["no", "false", "off", "0"];
const LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
const HOSTNAME = new RegExp(`^${LABEL}(?:\\.${LABEL})*$`);

/** `is not an address`, as the end of a sentence about the value; undefined for a good one. */
export function faultOfType(type: ValueType, value: string, choices: readonly string[] = []): string | undefined {
  if (/[\u0000-\u001f\u007f]/.test(value)) return "has a line end or another control character";
  if (type === "choice") return choices.includes(value) ? undefined : `is not one of ${choices.join(", ")}`;
  const [isGood, name] = TYPES[type];
  return isGood(value) ? undefined : `is not ${name}`;
}

/** What counts as no: `no`, `false`, `off`, `0` and an empty value. */
export function isTrue(value: string): boolean {
  return value !== "" && !FALSE.includes(value.toLowerCase());
}

const TYPES: Readonly<Record<Exclude<ValueType, "choice">, readonly [(value: string) => boolean, string]>> = {
  text: [() => true, "text"],
  list: [() => true, "a list"],
  number: [(value) => /^-?\d{1,15}(?:\.\d{1,15})?$/.test(value), "a number, such as 12"],
  boolean: [(value) => [...TRUE, ...FALSE].includes(value.toLowerCase()), "yes or no"],
  address: [(value) => isIP(value) !== 0, "an address, such as 172.18.96.1"],
  network: [isNetwork, "a network, such as 172.18.96.0/19"],
  port: [(value) => /^[1-9]\d{0,4}$/.test(value) && Number(value) <= 65535, "a port, from 1 to 65535"],
  hostname: [(value) => value.length <= 253 && HOSTNAME.test(value), "the name of a host or a domain"],
  interface: [(value) => /^[^\s/:]{1,15}$/.test(value) && !/^\.{1,2}$/.test(value), "the name of a network interface"],
  path: [(value) => /^\/(?!\/)/.test(value) && !/\/\.{1,2}(?:\/|$)|\/\//.test(value), "an absolute path"],
};

function isNetwork(value: string): boolean {
  const [, address = "", prefix = ""] = /^([^/]+)\/(\d{1,3})$/.exec(value) ?? [];
  const kind = isIP(address);
  return kind !== 0 && Number(prefix) <= (kind === 4 ? 32 : 128);
}
