// What a server says of its power and of who is at its screen.
import { expect, test } from "@jest/globals";
import { guardReason } from "../../../reconciler/occasions/guards.ts";
import type { CommandResult, Machine } from "../../../reconciler/machine/machine.ts";
import { MemoryFiles } from "../../support/memory-files.ts";

type Supply = Readonly<Record<"type" | "online" | "status", string>>;

function machineWith(supplies: Readonly<Record<string, Partial<Supply>>>, who = "", live = true): Machine {
  const files = new MemoryFiles();
  for (const [name, texts] of Object.entries(supplies))
    for (const [file, text] of Object.entries(texts)) files.put(`/sys/class/power_supply/${name}/${file}`, `${text}\n`);
  const hostPath = (path: string): string => path;
  const query = (): Promise<CommandResult> => Promise.resolve({ code: 0, stdout: Buffer.from(who), stderr: "" });
  const clock = { wallMs: () => 0, monotonicMs: () => 0 };
  return { files, store: { files, hostPath }, clock, live, privileged: true, hostPath, query, run: query };
}

const MAINS_OFF = { type: "Mains", online: "0" };
const EMPTYING = { type: "Battery", status: "Discharging" };

test.each([
  ["no supplies at all, as most servers", {}, undefined],
  [
    "mains and a full battery",
    { AC: { type: "Mains", online: "1" }, BAT0: { type: "Battery", status: "Full" } },
    undefined,
  ],
  ["mains gone, the battery empties", { AC: MAINS_OFF, BAT0: EMPTYING }, "the server runs on its battery"],
  ["only the battery of a wireless mouse, which says nothing of mains", { m: { type: "Battery" } }, undefined],
  ["a battery that empties beside mains that are on", { AC: { type: "Mains", online: "1" }, m: EMPTYING }, undefined],
])("mains power: %s", async (_, supplies, reason) => {
  expect(await guardReason(machineWith(supplies), "mains-power")).toBe(reason);
});

test.each([
  ["nobody", "", undefined],
  ["a teacher", "maria    tty1         2026-11-23 08:00\nroot pts/0 2026-11-23\n", "maria is logged in"],
  ["a name that would paint the terminal", "\u001b[31mx tty1\n", "\\u001b[31mx is logged in"],
])("logged in: %s", async (_, who, reason) => {
  const told = await guardReason(machineWith({}, who), "nobody-logged-in");
  if (reason === undefined || !reason.startsWith("\\")) expect(told).toBe(reason);
  else expect(told).not.toMatch(/[\u0000-\u001f]/u);
});

test("an image of a server guards nothing", async () => {
  expect(await guardReason(machineWith({ AC: MAINS_OFF, BAT0: EMPTYING }, "maria tty1", false), "mains-power")).toBe(
    undefined,
  );
});
