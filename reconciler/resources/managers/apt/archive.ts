// The path of a .deb on this machine in, which package it is out.
import type { MachineReader } from "../../../machine/machine.ts";
import { look } from "./call.ts";
import { isVersion } from "./words.ts";

export interface Archive {
  /** By which an action may mean it: plain, and with its architecture. */
  readonly names: readonly string[];
  readonly version: string;
  readonly architecture: string;
}

/** Undefined when it is none, or not whole. */
export async function readArchive(machine: MachineReader, path: string): Promise<Archive | undefined> {
  if (!path.startsWith("/") || !path.endsWith(".deb")) return undefined;
  const answer = await look(machine, [
    "dpkg-deb",
    "--show",
    "--showformat=${Package}\\t${Version}\\t${Architecture}",
    path,
  ]);
  const [name = "", version = "", architecture = ""] = answer.stdout.toString().split("\t");
  if (answer.code !== 0 || name === "" || !isVersion(version)) return undefined;
  return { names: [name, `${name}:${architecture}`], version, architecture };
}
