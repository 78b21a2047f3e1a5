// A verb's side of the control socket: asks the daemon for a cycle and hears how it goes.
import { connect, type Socket } from "node:net";
import type { Emit } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";
import { refuse, succeed, type Result } from "../../common/problem.ts";
import { CONTROL_VERSION, encodeRequest, lines, type DaemonStatus, type Message, type NowRequest } from "./protocol.ts";

const LONGEST_LINE = 256 * 1024 * 1024;

/** The outcome of the cycle that was asked for; undefined when no daemon listens there. */
export async function askDaemon(path: string, request: NowRequest, emit: Emit): Promise<Result<Outcome> | undefined> {
  const socket = await open(path);
  if (socket === undefined) return undefined;
  socket.write(encodeRequest(request));
  for await (const line of lines(socket, LONGEST_LINE)) {
    const message = JSON.parse(line) as Message;
    if (message.type === "event") emit(message.event);
    else if (message.type === "outcome") return succeed(message.outcome);
    else if (message.type === "refused") return refuse({ code: "daemon-refused", what: message.what });
  }
  return refuse({
    code: "daemon-gone",
    where: { file: path },
    what: "the daemon went away before the cycle was over",
    hint: "run it again: what was begun is finished or taken back first",
  });
}

/** How the daemon is; undefined when none answers there. */
export async function askStatus(path: string): Promise<DaemonStatus | undefined> {
  const socket = await open(path);
  if (socket === undefined) return undefined;
  socket.write(encodeRequest({ version: CONTROL_VERSION, verb: "status" }));
  for await (const line of lines(socket, LONGEST_LINE)) {
    const message = JSON.parse(line) as Message;
    return message.type === "status" ? message.status : undefined;
  }
  return undefined;
}

/** ENOENT and ECONNREFUSED mean that nobody is there; not being allowed means that somebody may be. */
function open(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      resolve(socket);
    });
    socket.once("error", () => {
      resolve(undefined);
    });
  });
}
