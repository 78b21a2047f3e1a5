// The daemon's side of the control socket. Whoever may open it may ask for a cycle: mode 0600, so that is root.
import { chmodSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { dirname } from "node:path";
import type { Event } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";
import { refuse, succeed, type Result } from "../../common/problem.ts";
import { CONTROL_VERSION, encode, lines, type DaemonStatus, type NowRequest, type Request } from "./protocol.ts";

export interface ControlServer {
  /** To everyone who waits for a cycle. */
  broadcast(event: Event): void;
  close(): Promise<void>;
}

const LONGEST_REQUEST = 64 * 1024;
const MOST_CONNECTIONS = 16;

/** Listens; `now` runs the cycle and is never called for a request that is not understood. */
export async function startControl(
  path: string,
  now: (request: NowRequest) => Promise<Outcome>,
  status: () => DaemonStatus,
): Promise<Result<ControlServer>> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    socket.on("error", () => waiting.delete(socket));
    socket.on("close", () => waiting.delete(socket));
    // Whoever asked went away in the middle, or the cycle itself broke down: the daemon goes on.
    serve(socket, now, status, waiting).catch(() => socket.destroy());
  });
  server.maxConnections = MOST_CONNECTIONS;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // The run lock is ours alone to hold as a daemon, so a socket that is still there is a dead one's.
    rmSync(path, { force: true });
    const umask = process.umask(0o177);
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(path, resolve);
    }).finally(() => process.umask(umask));
    chmodSync(path, 0o600);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return refuse({
      code: "control-unusable",
      where: { file: path },
      what: `the control socket cannot be made (${why})`,
      hint: "set `control` in config.yaml to a path of at most 100 characters in a directory that the daemon may write",
    });
  }
  return succeed({
    broadcast(event) {
      for (const socket of waiting) socket.write(encode({ type: "event", event }));
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of waiting) socket.end();
        server.close(() => {
          resolve();
        });
      }),
  });
}

async function serve(
  socket: Socket,
  now: (request: NowRequest) => Promise<Outcome>,
  status: () => DaemonStatus,
  waiting: Set<Socket>,
): Promise<void> {
  for await (const line of lines(socket.iterator({ destroyOnReturn: false }), LONGEST_REQUEST)) {
    const request = understand(line);
    if (request === undefined) {
      socket.end(encode({ type: "refused", what: "the daemon does not understand this; is it another version?" }));
      return;
    }
    if (request.verb === "status") {
      socket.end(encode({ type: "status", status: status() }));
      return;
    }
    waiting.add(socket);
    const outcome = await now(request);
    socket.end(encode({ type: "outcome", outcome }));
    return;
  }
}

function understand(line: string): Request | undefined {
  try {
    const request = JSON.parse(line) as Partial<NowRequest> | { version: number; verb: "status" } | null;
    if (request?.version !== CONTROL_VERSION) return undefined;
    if (request.verb === "status") return { version: CONTROL_VERSION, verb: "status" };
    if (request.verb !== "now") return undefined;
    const { allowRemovals, regardless } = request;
    const because = typeof request.because === "string" ? request.because.slice(0, 200) : "asked for";
    const allowed = Number.isSafeInteger(allowRemovals) ? { allowRemovals: allowRemovals as number } : {};
    return {
      version: CONTROL_VERSION,
      verb: "now",
      because,
      ...allowed,
      ...(regardless === true ? { regardless } : {}),
    };
  } catch {
    return undefined;
  }
}
