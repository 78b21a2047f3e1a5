// A real rsync daemon on 127.0.0.1 with one module, and what it says it moved.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import { join } from "node:path";

export interface RsyncDaemon {
  /** Of the module: `rsync://127.0.0.1:port/data`. */
  readonly url: string;
  /** Bytes that it sent in finished transfers so far. */
  sent(): number;
  /** Connections so far. */
  connections(): number;
  close(): Promise<void>;
}

/** `folder` is for its own files, `module` is what it serves. */
export async function openRsyncDaemon(folder: string, module: string): Promise<RsyncDaemon> {
  mkdirSync(folder, { recursive: true });
  const [config, log] = [join(folder, "rsyncd.conf"), join(folder, "rsyncd.log")];
  const port = await freePort();
  writeFileSync(log, "");
  const own = process.geteuid?.() === 0 ? "uid = 0\ngid = 0\n" : "";
  writeFileSync(
    config,
    `${own}use chroot = no\nlog file = ${log}\npid file = ${join(folder, "rsyncd.pid")}\n` +
      `[data]\npath = ${module}\nread only = yes\n`,
  );
  const argv = ["--daemon", "--no-detach", `--config=${config}`, "--address=127.0.0.1", `--port=${port}`];
  const child = spawn("rsync", argv, { stdio: "ignore" });
  await listening(port, child);
  return {
    url: `rsync://127.0.0.1:${port}/data`,
    sent: () =>
      Array.from(readFileSync(log, "utf8").matchAll(/sent (\d+) bytes/gu), ([, n]) => Number(n)).reduce(
        (a, b) => a + b,
        0,
      ),
    connections: () => Array.from(readFileSync(log, "utf8").matchAll(/rsync on data/gu)).length,
    close: () => ended(child),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the rsync daemon ended with ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = net.connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else {
      child.once("exit", () => resolve());
      child.kill("SIGTERM");
    }
  });
}
