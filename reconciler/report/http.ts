// A few functions that know something in; a small web server that answers GET and HEAD with it out.
import http from "node:http";
import { jsonText } from "./json-text.ts";
import { refuse, succeed } from "../../common/problem.ts";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Problem, Result } from "../../common/problem.ts";

export interface Routes {
  /** The text of /metrics. */
  readonly metrics: () => Promise<string>;
  /** What /status tells, as a plain value or a promise of it. */
  readonly status: () => unknown;
  /** For /healthz: why this program is not well, or nothing. */
  readonly ailment: () => string | undefined;
}

export interface Listening {
  /** Host and port as they stand in a URL: `127.0.0.1:9753`. */
  readonly address: string;
  /** Ends open connections too. */
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

const PLAIN = "text/plain; charset=utf-8";
const PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
const JSON_TYPE = "application/json; charset=utf-8";

/**
 * Port 0 takes any free one. Problems: `http-port-taken`, `http-not-permitted`, `http-address`, `http-failed`.
 */
export async function startHttp(
  { host, port }: { readonly host: string; readonly port: number },
  routes: Routes,
): Promise<Result<Listening>> {
  const server = createServer(routes);
  const error = await listen(server, host, port);
  if (error !== undefined) return refuse(listenProblem(error, host, port));
  server.on("error", () => undefined); // One connection's trouble; the server goes on.
  return succeed({ address: addressOf(server), close: () => close(server) });
}

/** A visitor that is slow, chatty or many costs little. */
function createServer(routes: Routes): Server {
  const limits = { headersTimeout: 5000, requestTimeout: 10_000, keepAliveTimeout: 5000, maxHeaderSize: 8192 };
  const server = http.createServer({ ...limits, connectionsCheckingInterval: 1000 }, (request, response) => {
    void answer(request, routes).then((found) => send(request, response, found));
  });
  server.maxConnections = 32;
  server.maxHeadersCount = 50;
  server.setTimeout(15_000);
  return server;
}

async function answer(request: IncomingMessage, routes: Routes): Promise<Answer> {
  const route = find(request.url ?? "/", routes);
  if (route === undefined) return plain(404, "there is /metrics, /status and /healthz\n");
  if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "only GET and HEAD\n");
  if (hasBody(request)) return plain(413, "no body is read here\n");
  try {
    return await route();
  } catch {
    // What exactly went wrong is nothing for a stranger to read.
    return plain(500, "this page could not be made\n");
  }
}

function find(url: string, routes: Routes): (() => Promise<Answer>) | undefined {
  switch (url.split("?", 1)[0]) {
    case "/metrics":
      return async () => ({ status: 200, type: PROMETHEUS, text: await routes.metrics() });
    case "/status":
      return async () => ({ status: 200, type: JSON_TYPE, text: `${jsonText(await routes.status(), 2)}\n` });
    case "/healthz":
      return async () => wellness(routes.ailment());
    default:
      return undefined;
  }
}

function wellness(ailment: string | undefined): Answer {
  return ailment === undefined ? plain(200, "ok\n") : plain(503, `${ailment}\n`);
}

function plain(status: number, text: string): Answer {
  return { status, type: PLAIN, text };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, text }: Answer): void {
  const bytes = Buffer.from(text);
  response.writeHead(status, {
    "content-type": type,
    "content-length": bytes.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...(status === 405 ? { allow: "GET, HEAD" } : {}),
    // What is left of a request that we do not read is not taken for the next one.
    ...(status < 400 || status === 503 ? {} : { connection: "close" }),
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

function listen(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    server.once("error", resolve);
    server.listen({ host, port }, () => {
      server.off("error", resolve);
      resolve(undefined);
    });
  });
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === "string") return "";
  return address.family === "IPv6" ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function listenProblem({ code = "", message }: NodeJS.ErrnoException, host: string, port: number): Problem {
  const where = `${host}:${port}`;
  switch (code) {
    case "EADDRINUSE":
      return {
        code: "http-port-taken",
        what: `something else already listens at ${where}`,
        hint: `see who it is with: ss -ltnp "sport = :${port}"; or write another http.listen in the configuration`,
      };
    case "EACCES":
      return {
        code: "http-not-permitted",
        what: `this user may not listen at ${where}`,
        hint: "write an http.listen with a port of 1024 or more in the configuration",
      };
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return {
        code: "http-address",
        what: `${host} is not an address of this server`,
        hint: "write an http.listen that it has, for example 127.0.0.1:9642",
      };
    default:
      return { code: "http-failed", what: `nothing can listen at ${where}: ${message}` };
  }
}
