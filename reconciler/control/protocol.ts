// What goes over the control socket: one JSON value a line, a request in, events out, an outcome last.
import { StringDecoder } from "node:string_decoder";
import type { Event } from "../model/event.ts";
import type { Outcome, Stage } from "../model/outcome.ts";

export const CONTROL_VERSION = 1;

/** A cycle, or how the daemon is. Everything else is told by files in the state directory. */
export type Request = NowRequest | { readonly version: typeof CONTROL_VERSION; readonly verb: "status" };

export interface NowRequest {
  readonly version: typeof CONTROL_VERSION;
  readonly verb: "now";
  readonly because: string;
  readonly allowRemovals?: number;
  /** Windows and guards are not waited for. */
  readonly regardless?: boolean;
}

/** How a daemon is right now. Times are Unix milliseconds. */
export interface DaemonStatus {
  /** Whether a cycle runs. */
  readonly busy: boolean;
  /** What it is at, and since when it runs. */
  readonly stage?: Stage;
  readonly startedAt?: number;
  readonly nextRunAt?: number;
}

export type Message =
  | { readonly type: "event"; readonly event: Event }
  | { readonly type: "outcome"; readonly outcome: Outcome }
  | { readonly type: "status"; readonly status: DaemonStatus }
  | { readonly type: "refused"; readonly what: string };

/** Standings are a Map and long; whoever watches from outside reads the counts in the outcome. */
export function encode(message: Message): string {
  const slim = message.type === "event" && message.event.type === "planned" ? withoutStandings(message.event) : message;
  return `${JSON.stringify(slim)}\n`;
}

function withoutStandings(event: Extract<Event, { type: "planned" }>): Message {
  return { type: "event", event: { ...event, plan: { ...event.plan, standings: new Map() } } };
}

/** Lines of a stream, as they become whole; a longer one than `limit` ends it. */
export async function* lines(stream: AsyncIterable<Buffer | string>, limit: number): AsyncIterable<string> {
  let rest = "";
  // A letter of several bytes may arrive in two pieces.
  const decoder = new StringDecoder("utf8");
  for await (const chunk of stream) {
    rest += typeof chunk === "string" ? chunk : decoder.write(chunk);
    for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
      yield rest.slice(0, end);
      rest = rest.slice(end + 1);
    }
    if (rest.length > limit) return;
  }
}

export function encodeRequest(request: Request): string {
  return `${JSON.stringify(request)}\n`;
}
