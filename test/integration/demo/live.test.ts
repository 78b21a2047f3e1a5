// `npm start` as a person at two terminals has it: the server in one, the printed lines pasted into the other.
import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

import { runCommand } from "../../../reconciler/machine/command.ts";
import { isUnhindered, missingPrograms } from "../../support/needs.ts";
import { PROGRAMS } from "../managers/apt-repository.ts";
import { exampleFleetFolder } from "../../../reconciler/package-paths.ts";

const NOBODYS = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", NO_COLOR: "1" };
let folder: string;
let terminal: Terminal | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "demo-"));
});

afterEach(async () => {
  terminal?.child.kill("SIGKILL");
  await rm(folder, { recursive: true });
});

interface Terminal {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
  /** Resolves when this stands on the screen, after everything that was looked for before. */
  see(words: RegExp): Promise<void>;
}

function start(): Terminal {
  const env = { PATH: process.env["PATH"], DEMO_DIR: join(folder, "demo"), ...NOBODYS };
  const child = spawn(process.execPath, [join(exampleFleetFolder(), "../dist/demo.js")], { env, stdio: "pipe" });
  let text = "";
  let seen = 0;
  let look = (): void => undefined;
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text += piece;
    look();
  });
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const see = (words: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      look = () => {
        const found = words.exec(text.slice(seen));
        if (found === null) return;
        seen += found.index + found[0].length;
        look = () => undefined;
        clearTimeout(deadline);
        resolve();
      };
      const giveUp = (): void => reject(new Error(`not seen: ${String(words)} in\n${text}`));
      const deadline = setTimeout(giveUp, 30_000);
      void ended.then(giveUp);
      look();
    });
  return { child, said: () => text, ended, see };
}

async function paste(line: string): Promise<void> {
  const { code, stderr } = await runCommand(["/bin/sh", "-c", line], { timeoutMs: 60_000, env: NOBODYS });
  expect([code, stderr]).toEqual([0, ""]);
}

test("the things to try come out as they say, Ctrl-C ends it well, and it goes on from there", async () => {
  terminal = start();
  await terminal.see(/ changed {2}.*\n/u);
  const [commit = "", byHand = "", mistake = "", rename = "", want = ""] =
    terminal.said().match(/^ {3}(?:\(cd|echo) .*$/gmu) ?? [];
  const lessonsConf = (): string => readFileSync(join(folder, "demo/root/etc/lessons.conf"), "utf8");
  const motd = (): string => readFileSync(join(folder, "demo/root/etc/motd"), "utf8");

  await paste(commit);
  await terminal.see(/replace \/etc\/motd[\s\S]* changed {2}.*\n/u);
  expect(motd()).toContain("The library opens at eight.");

  await paste(byHand);
  await terminal.see(/restore \/etc\/motd[\s\S]* changed {2}.*\n/u);
  expect(motd()).not.toContain("written by hand");

  await paste(rename);
  await terminal.see(/service lessons runs[\s\S]*restart service lessons[\s\S]* changed {2}.*\n/u);
  expect(lessonsConf()).toContain("Lessons of Escuela 12");

  if (isUnhindered(missingPrograms(...PROGRAMS))) {
    await paste(want);
    await terminal.see(/install package school-dictionary 1\.0[\s\S]* changed {2}.*\n/u);
  }

  await paste(mistake);
  await terminal.see(/@PRINCIPAL@ is not defined[\s\S]* failed {2}.*\n/u);
  expect(motd()).toContain("The library opens at eight.");

  terminal.child.kill("SIGINT");
  expect(await terminal.ended).toBe(0);

  terminal = start();
  await terminal.see(/@PRINCIPAL@ is not defined[\s\S]* failed {2}.*\n/u);
  await paste(commit);
  await terminal.see(/ unchanged {2}.*\n/u);
  terminal.child.kill("SIGINT");
  expect(await terminal.ended).toBe(0);
});
