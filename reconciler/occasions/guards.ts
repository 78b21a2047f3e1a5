// A guard in; why the server is not to be changed just now, or nothing, out. What cannot be found out guards nothing:
// a server without a battery has no sign of one, and one without a list of logins has nobody at its screen.
import { FileError, type MachineReader } from "../machine/machine.ts";
import type { Guard } from "../model/window.ts";
import { printable } from "../../common/printable.ts";

export async function guardReason(machine: MachineReader, guard: Guard): Promise<string | undefined> {
  if (!machine.live) return undefined;
  return guard === "mains-power" ? onBattery(machine) : loggedIn(machine);
}

const SUPPLIES = "/sys/class/power_supply";

/** Offline mains and a battery that discharges; either alone says nothing. */
async function onBattery(machine: MachineReader): Promise<string | undefined> {
  const supplies = namesIn(machine, SUPPLIES);
  const kinds = await Promise.all(supplies.map((name) => supplyOf(machine, `${SUPPLIES}/${name}`)));
  const mains = kinds.filter(({ type }) => type === "Mains" || type === "USB");
  if (mains.some(({ online }) => online === "1")) return undefined;
  const runsOn = kinds.some(({ type, status }) => type === "Battery" && status === "Discharging");
  return runsOn ? "the server runs on its battery" : undefined;
}

async function supplyOf(machine: MachineReader, folder: string) {
  const [type, online, status] = await Promise.all(
    ["type", "online", "status"].map((name) => firstLine(machine, `${folder}/${name}`)),
  );
  return { type, online, status };
}

async function loggedIn(machine: MachineReader): Promise<string | undefined> {
  const { code, stdout } = await machine.query(["who"], { timeoutMs: 10_000 });
  if (code !== 0) return undefined;
  const [user = ""] = stdout.toString("utf8").trim().split(/\s/u);
  return user === "" ? undefined : `${printable(user)} is logged in`;
}

function namesIn(machine: MachineReader, folder: string): readonly string[] {
  try {
    return machine.files.list(folder);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

async function firstLine(machine: MachineReader, path: string): Promise<string | undefined> {
  try {
    return (await machine.files.read(path, 4096)).toString("utf8").split("\n")[0];
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
