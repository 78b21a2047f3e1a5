import net from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { createMetrics } from "../../../reconciler/report/metrics.ts";
import { startHttp } from "../../../reconciler/report/http.ts";
import type { Listening, Routes } from "../../../reconciler/report/http.ts";

const HERE = { host: "127.0.0.1", port: 0 };
let listening: Listening | undefined;

afterEach(async () => {
  await listening?.close();
  listening = undefined;
});

async function begin(routes: Partial<Routes> = {}): Promise<string> {
  const calm: Routes = { metrics: async () => "up 1\n", status: () => ({ calm: true }), ailment: () => undefined };
  const started = await startHttp(HERE, { ...calm, ...routes });
  if (!started.ok) throw new Error(started.problems[0]?.what);
  listening = started.value;
  return `http://${listening.address}`;
}

/** Sends these bytes and gives back all that comes until the server hangs up. */
function exchange(address: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = net.connect(Number(port), hostname, () => socket.write(bytes));
    socket.on("data", (data) => (received += data.toString()));
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
}

describe("the web server", () => {
  test("serves real metrics in Prometheus' text format", async () => {
    const options = { version: "1", build: "2", host: { site: "escuela-12" }, branch: "main", remotes: [] };
    const metrics = createMetrics(options);
    const address = await begin({ metrics: () => metrics.text() });
    const answer = await fetch(`${address}/metrics`);
    expect(answer.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await answer.text()).toContain('reconciler_build_info{version="1",revision="2"');
  });

  test("serves the status as JSON that is safe to print, also when it takes a while", async () => {
    const address = await begin({ status: () => Promise.resolve({ subject: "\u009bevil" }) });
    const answer = await fetch(`${address}/status?pretty`);
    expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(await answer.text()).toBe('{\n  "subject": "\\u009bevil"\n}\n');
  });

  test("says whether the program is well", async () => {
    const state: { ailment?: string } = {};
    const address = await begin({ ailment: () => state.ailment });
    const well = await fetch(`${address}/healthz`);
    expect([well.status, await well.text()]).toEqual([200, "ok\n"]);
    state.ailment = "the last run ended 4000 s ago";
    const ill = await fetch(`${address}/healthz`);
    expect([ill.status, await ill.text()]).toEqual([503, "the last run ended 4000 s ago\n"]);
  });

  test("may not be sniffed nor stored", async () => {
    const { headers } = await fetch(`${await begin()}/healthz`);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("no-store");
  });

  test("answers HEAD with the same headers and no body", async () => {
    const answer = await fetch(`${await begin()}/metrics`, { method: "HEAD" });
    expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([200, "5", ""]);
  });

  const refusals: [status: number, method: string, path: string, body: string][] = [
    [404, "GET", "/", ""],
    [404, "GET", "/metrics/", ""],
    [404, "GET", "//metrics", ""],
    [404, "POST", "/anything", ""],
    [405, "POST", "/metrics", "x"],
    [405, "DELETE", "/status", ""],
    [405, "OPTIONS", "/healthz", ""],
  ];
  test.each(refusals)("answers %i to %s %s", async (status, method, path, body) => {
    const answer = await fetch(`${await begin()}${path}`, { method, ...(body === "" ? {} : { body }) });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("allow")).toBe(status === 405 ? "GET, HEAD" : null);
    await answer.text();
  });

  test("reads no body, and hangs up on who sends one", async () => {
    const request = "GET /metrics HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n";
    expect(await exchange(await begin(), request)).toMatch(/^HTTP\/1.1 413 /);
  });

  test("takes no header beyond 8 KiB", async () => {
    const request = `GET /metrics HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(20_000)}\r\n\r\n`;
    expect(await exchange(await begin(), request)).toMatch(/^HTTP\/1.1 431 /);
  });

  test("hangs up on who is too slow to ask", async () => {
    expect(await exchange(await begin(), "GET /metrics HTTP/1.1\r\nhost: ")).toMatch(/^HTTP\/1.1 408 /);
  }, 20_000);

  test("serves at most 32 connections at once", async () => {
    const { hostname, port } = new URL(await begin());
    const sockets = Array.from({ length: 33 }, () => net.connect(Number(port), hostname));
    try {
      // The kernel accepts the connection; the server closes the one too many.
      await Promise.any(sockets.map((socket) => new Promise((resolve) => socket.on("close", resolve))));
      expect(sockets.filter((socket) => !socket.closed)).toHaveLength(32);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  test("answers 500 without details when a page cannot be made", async () => {
    const address = await begin({ metrics: () => Promise.reject(new Error("secret path /etc/x")) });
    const answer = await fetch(`${address}/metrics`);
    expect([answer.status, await answer.text()]).toEqual([500, "this page could not be made\n"]);
  });

  test("ends open connections when it is closed", async () => {
    const { hostname, port } = new URL(await begin());
    const socket = net.connect(Number(port), hostname);
    await new Promise((resolve) => socket.on("connect", resolve));
    const ended = new Promise((resolve) => socket.on("close", resolve));
    await listening?.close();
    await ended;
    await expect(fetch(`http://${hostname}:${port}/metrics`)).rejects.toThrow();
  });

  test("says what to do when the port is taken, or the address is not ours", async () => {
    const { port } = new URL(await begin());
    const routes: Routes = { metrics: async () => "", status: () => ({}), ailment: () => undefined };
    const taken = await startHttp({ ...HERE, port: Number(port) }, routes);
    expect(taken).toMatchObject({ ok: false, problems: [{ code: "http-port-taken" }] });
    const foreign = await startHttp({ host: "192.0.2.1", port: 0 }, routes);
    expect(foreign).toMatchObject({ ok: false, problems: [{ code: "http-address" }] });
  });
});
