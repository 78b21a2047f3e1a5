// The settings of Puppet and CFEngine in, the servers that they follow out: they are to be reached as before.
import type { FileReader } from "../../machine/machine.ts";
import { textIfAny } from "./text.ts";

export interface Neighbour {
  /** For a person: `puppet server`. */
  readonly what: string;
  readonly host: string;
  readonly port: number;
}

const PUPPET = ["/etc/puppetlabs/puppet/puppet.conf", "/etc/puppet/puppet.conf"];
const CFENGINE = ["/var/cfengine/policy_server.dat", "/var/lib/cfengine3/policy_server.dat"];
const PUPPET_PORT = 8140;
const CFENGINE_PORT = 5308;
const HOST = /^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[\dA-Fa-f:.]*:[\dA-Fa-f:.]*)$/u;

export async function neighbourServers(files: Pick<FileReader, "read">): Promise<readonly Neighbour[]> {
  const puppet = await Promise.all(PUPPET.map(async (path) => puppetServer(await textIfAny(files, path))));
  const cfengine = await Promise.all(CFENGINE.map(async (path) => cfengineHub(await textIfAny(files, path))));
  return [...puppet.flat(), ...cfengine.flat()];
}

/** What `[agent]` says counts before what `[main]` says. */
function puppetServer(text: string): Neighbour[] {
  const settings = new Map<string, string>();
  let section = "main";
  for (const line of text.split("\n")) {
    section = /^\s*\[(\w+)\]/u.exec(line)?.[1] ?? section;
    const [, key = "", value = ""] = /^\s*(server|serverport|masterport)\s*=\s*([^\s#]+)/u.exec(line) ?? [];
    if (key !== "") settings.set(`${section} ${key}`, value);
  }
  const of = (...keys: readonly string[]): string | undefined =>
    ["agent", "main"].flatMap((each) => keys.map((key) => settings.get(`${each} ${key}`))).find(Boolean);
  return neighbour("puppet server", of("server"), of("serverport", "masterport"), PUPPET_PORT);
}

/** `10.0.0.2`, `hub.example.org`, or one of them with `:port`. */
function cfengineHub(text: string): Neighbour[] {
  const [, host, port] = /^([^\s:]+)(?::(\d+))?\s*$/u.exec(text) ?? [];
  return neighbour("cfengine hub", host, port, CFENGINE_PORT);
}

function neighbour(
  what: string,
  host: string | undefined,
  writtenPort: string | undefined,
  usual: number,
): Neighbour[] {
  const port = writtenPort === undefined ? usual : Number(writtenPort);
  if (host === undefined || !HOST.test(host) || !Number.isInteger(port) || port < 1 || port > 65_535) return [];
  return [{ what, host, port }];
}
