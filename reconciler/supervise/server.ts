// The control socket of the embedded supervisor: one request a connection. Mode 0600: whoever may open it may act.
import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { lines } from "../control/protocol.ts";
import {
  ACTIONS,
  SUPERVISE_VERSION,
  type SuperviseAnswer,
  type SuperviseRequest,
} from "../resources/supervisors/embedded-protocol.ts";
import { refuse, succeed, type Result } from "../../common/problem.ts";
import type { Supervised } from "./supervisor.ts";

const LONGEST_REQUEST = 1024 * 1024;
const MOST_CONNECTIONS = 16;

export interface SuperviseServer {
  close(): Promise<void>;
}

/** Listens at `path`, where nobody else does: the caller holds the lock. */
export async function serveSupervised(path: string, supervised: Supervised): Promise<Result<SuperviseServer>> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    serve(socket, supervised).catch(() => socket.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  try {
    rmSync(path, { force: true });
    await listen(server, path);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return refuse({
      code: "control-unusable",
      where: { file: path },
      what: `the control socket cannot be made (${why})`,
      hint: "set `state` in config.yaml to a folder whose path has at most 80 characters, and that you may write",
    });
  }
  return succeed({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        rmSync(path, { force: true });
      }),
  });
}

async function listen(server: Server, path: string): Promise<void> {
  const umask = process.umask(0o177);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  }).finally(() => process.umask(umask));
  chmodSync(path, 0o600);
}

async function serve(socket: Socket, supervised: Supervised): Promise<void> {
  for await (const line of lines(socket.iterator({ destroyOnReturn: false }), LONGEST_REQUEST)) {
    const request = understand(line);
    const answer: SuperviseAnswer =
      request === undefined
        ? { type: "refused", what: "the request is not understood; is it of another version?" }
        : await answerTo(request, supervised);
    socket.end(`${JSON.stringify(answer)}\n`);
    return;
  }
}

async function answerTo(request: SuperviseRequest, supervised: Supervised): Promise<SuperviseAnswer> {
  switch (request.verb) {
    case "look":
      return { type: "services", services: await supervised.look(request.names) };
    case "act":
      return { type: "acted", problems: await supervised.act(request.action, request.names) };
    case "last-words":
      return { type: "words", words: supervised.lastWords(request.name) };
  }
}

function understand(line: string): SuperviseRequest | undefined {
  try {
    const request = JSON.parse(line) as Partial<Record<string, unknown>> | null;
    if (request?.["version"] !== SUPERVISE_VERSION) return undefined;
    const { verb, names, name, action } = request;
    if (verb === "last-words" && typeof name === "string") return { version: SUPERVISE_VERSION, verb, name };
    if (!isNames(names)) return undefined;
    if (verb === "look") return { version: SUPERVISE_VERSION, verb, names };
    const known = ACTIONS.find((each) => each === action);
    return verb === "act" && known !== undefined
      ? { version: SUPERVISE_VERSION, verb, action: known, names }
      : undefined;
  } catch {
    return undefined;
  }
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
