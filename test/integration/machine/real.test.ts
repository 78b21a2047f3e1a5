// The real machine, put together.
import { expect, test } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMachine } from "../../../reconciler/machine/real.ts";

test("a machine at / is the live one, and its paths are everybody's paths", () => {
  const machine = openMachine({ root: "/", state: tmpdir() });
  expect(machine.live).toBe(true);
  expect(machine.privileged).toBe(process.geteuid?.() === 0);
  expect(machine.hostPath("/etc/motd")).toBe("/etc/motd");
  expect(machine.files.stat("/etc")?.type).toBe("directory");
});

test("a machine in a directory is not live, and other programs reach its files below that directory", async () => {
  const root = mkdtempSync(join(tmpdir(), "machine-"));
  writeFileSync(join(root, "motd"), "hello");
  const machine = openMachine({ root: `${root}/`, state: root });
  expect(machine.live).toBe(false);
  const { stdout } = await machine.query(["cat", machine.hostPath("/motd")], { timeoutMs: 10_000 });
  expect(stdout.toString()).toBe("hello");
  rmSync(root, { recursive: true });
});

test("the clock tells the time of day, and a time that only goes forward", () => {
  const { clock } = openMachine({ root: "/", state: tmpdir() });
  expect(Math.abs(clock.wallMs() - Date.now())).toBeLessThan(1000);
  const earlier = clock.monotonicMs();
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(earlier);
});
