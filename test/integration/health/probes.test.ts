// Every kind of probe against something real on this machine.
import { createSocket } from "node:dgram";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { checkHealth } from "../../../reconciler/health/check.ts";
import { openFiles } from "../../../reconciler/machine/real-files.ts";
import type { AddressInfo } from "node:net";
import type { CommandResult } from "../../../reconciler/machine/machine.ts";
import type { HealthLook } from "../../../reconciler/health/check.ts";
import type { Probe } from "../../../reconciler/model/health.ts";
import type { Socket } from "node:dgram";

let root: string;
let look: HealthLook;
let web: http.Server;
let mute: net.Server;
let names: Socket;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "health-"));
  look = {
    files: openFiles(root),
    query: runProgram,
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
  };
  web = http.createServer(answerWeb);
  mute = net.createServer();
  names = createSocket("udp4").on("message", (query, from) => names.send(answerName(query), from.port, from.address));
  await Promise.all([
    new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve)),
    new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve)),
    new Promise<void>((resolve) => names.bind(0, "127.0.0.1", resolve)),
  ]);
});

afterAll(async () => {
  web.closeAllConnections();
  web.close();
  mute.close();
  names.close();
  await rm(root, { recursive: true });
});

/** What is wrong with one probe; "" when it passes. */
async function find(probe: Probe, timeoutMs = 5000): Promise<string> {
  const check = { name: "probe", level: "required", probe, timeoutMs, graceMs: 0 } as const;
  const [finding] = await checkHealth([check], look, "before", () => undefined);
  return finding?.ok === true ? "" : (finding?.detail ?? "no finding");
}

describe("a file check", () => {
  test("passes for a file that is there, and for the text in it", async () => {
    await writeFile(join(root, "motd"), "Welcome to the library\n");
    expect(await find({ type: "file", path: "/motd" })).toBe("");
    expect(await find({ type: "file", path: "/motd", contains: "library" })).toBe("");
  });

  test("says when the file or the text is missing", async () => {
    expect(await find({ type: "file", path: "/nowhere" })).toBe("is not there");
    expect(await find({ type: "file", path: "/motd", contains: "canteen" })).toBe("does not hold the expected text");
    expect(await find({ type: "file", path: "/", contains: "x" })).not.toBe("");
  });

  test("reads at most 1 MiB", async () => {
    await writeFile(join(root, "full"), `${" ".repeat(1024 * 1024 - 3)}end`);
    await writeFile(join(root, "over"), `${" ".repeat(1024 * 1024 - 2)}end`);
    expect(await find({ type: "file", path: "/full", contains: "end" })).toBe("");
    expect(await find({ type: "file", path: "/over", contains: "end" })).toMatch(/^is larger than 1 MiB/);
  });

  test("does not leave the managed root", async () => {
    expect(await find({ type: "file", path: "/../../etc/passwd" })).not.toBe("");
  });
});

describe("an http check", () => {
  const url = (path: string) => `http://127.0.0.1:${(web.address() as AddressInfo).port}${path}`;

  test("passes on the expected status and text", async () => {
    expect(await find({ type: "http", url: url("/"), status: 200, contains: "Moodle" })).toBe("");
    expect(await find({ type: "http", url: url("/busy"), status: 503 })).toBe("");
  });

  test("says in few words what was answered instead", async () => {
    expect(await find({ type: "http", url: url("/busy"), status: 200 })).toBe("answered 503, expected 200");
    expect(await find({ type: "http", url: url("/"), status: 200, contains: "Kolibri" })).toBe(
      "answered 200, but without the expected text",
    );
  });

  test("follows no redirect", async () => {
    expect(await find({ type: "http", url: url("/moved"), status: 200 })).toBe("answered 302, expected 200");
  });

  test("reads at most 256 KiB of an endless answer", async () => {
    expect(await find({ type: "http", url: url("/endless"), status: 200, contains: "the end" })).toBe(
      "answered 200, but without the expected text",
    );
  });

  test("gives up on a server that never answers, or that stops in the middle", async () => {
    expect(await find({ type: "http", url: url("/never"), status: 200 }, 200)).toBe("no answer within 0.2 s");
    expect(await find({ type: "http", url: url("/half"), status: 200, contains: "x" }, 200)).toBe(
      "no answer within 0.2 s",
    );
  });

  test("names a refused connection and a url that is none", async () => {
    expect(await find({ type: "http", url: `http://127.0.0.1:${await freePort()}/`, status: 200 })).toBe(
      "connection refused",
    );
    expect(await find({ type: "http", url: "file:///etc/passwd", status: 200 })).toBe(
      "its url is neither http nor https",
    );
  });
});

describe("a tcp check", () => {
  test("passes when something listens, and says when nothing does", async () => {
    const { port } = mute.address() as AddressInfo;
    expect(await find({ type: "tcp", host: "127.0.0.1", port })).toBe("");
    expect(await find({ type: "tcp", host: "127.0.0.1", port: await freePort() })).toBe("connection refused");
  });
});

describe("a dns check", () => {
  const server = () => `127.0.0.1:${names.address().port}`;

  test("passes for a name with an A or an AAAA record", async () => {
    expect(await find({ type: "dns", name: "four.school", server: server() })).toBe("");
    expect(await find({ type: "dns", name: "six.school", server: server() })).toBe("");
  });

  test("says when the name is unknown, or when the server cannot be one", async () => {
    expect(await find({ type: "dns", name: "none.school", server: server() })).toBe("there is no such name");
    expect(await find({ type: "dns", name: "four.school", server: "not an address" })).not.toBe("");
  });

  test("gives up on a server that does not answer", async () => {
    expect(await find({ type: "dns", name: "silent.school", server: server() }, 200)).toBe("no answer within 0.2 s");
  });
});

describe("an exec check", () => {
  test("passes on exit code 0", async () => {
    expect(await find({ type: "exec", argv: [process.execPath, "-e", ""] })).toBe("");
  });

  test("tells the exit code and the last line of the complaint, safe to print and short", async () => {
    const script = "console.error('first'); console.error('bad \\u001b[31m' + 'x'.repeat(500)); process.exit(7)";
    const detail = await find({ type: "exec", argv: [process.execPath, "-e", script] });
    expect(detail).toMatch(/^exit code 7: bad \\x1b\[31mx+\.\.\.$/);
    expect(detail).toHaveLength(200);
  });

  test("says when the program is not installed", async () => {
    expect(await find({ type: "exec", argv: [join(root, "no-such-program")] })).toBe("the program is not installed");
  });
});

function answerWeb(request: http.IncomingMessage, response: http.ServerResponse): void {
  switch (request.url) {
    case "/":
      response.end("<title>Moodle</title>");
      break;
    case "/busy":
      response.writeHead(503).end();
      break;
    case "/moved":
      response.writeHead(302, { location: "/" }).end();
      break;
    case "/half":
      response.write("half of it");
      break;
    case "/endless": {
      const more = () => {
        while (!response.destroyed && response.write(" ".repeat(65_536)));
      };
      response.on("drain", more);
      more();
      break;
    }
    default: // "/never"
  }
}

const ADDRESSES = new Map([
  ["four 1", Buffer.from([10, 0, 0, 1])],
  ["six 28", Buffer.alloc(16, 1)],
]);

/** Answers `four.*` to A, `six.*` to AAAA, nothing to `silent.*`, and NXDOMAIN to the rest. */
function answerName(query: Buffer): Buffer {
  const label = query.subarray(13, 13 + (query[12] ?? 0)).toString();
  const type = query.readUInt16BE(query.indexOf(0, 12) + 1);
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  if (label === "silent") return Buffer.alloc(0);
  const known = label === "four" || label === "six";
  const address = ADDRESSES.get(`${label} ${type}`);
  const header = Buffer.from([0, 0, 0x81, known ? 0x80 : 0x83, 0, 1, 0, address === undefined ? 0 : 1, 0, 0, 0, 0]);
  query.copy(header, 0, 0, 2);
  if (address === undefined) return Buffer.concat([header, question]);
  const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, address.length]);
  return Buffer.concat([header, question, record, address]);
}

async function freePort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function runProgram(argv: readonly string[], options: { timeoutMs: number }): Promise<CommandResult> {
  return new Promise((resolve) => {
    const [program = "", ...words] = argv;
    execFile(program, words, { timeout: options.timeoutMs }, (error, stdout, stderr) => {
      const notFound = error !== null && "code" in error && String(error.code) === "ENOENT";
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : undefined;
      resolve({ code, ...(notFound ? { ended: "not-found" } : {}), stdout: Buffer.from(stdout), stderr });
    });
  });
}
