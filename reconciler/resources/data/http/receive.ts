// A server's answer in, what it brings put on disk: whole, a part, or why it is not taken.
import type { IncomingMessage } from "node:http";
import type { Problem } from "../../../../common/problem.ts";
import { extentOf, validatorOf, type Extent } from "./ask.ts";
import type { Order } from "./order.ts";
import { refused, tooLarge } from "./faults.ts";
import type { Partial } from "./partial.ts";
import { isNetworkError } from "./watchdog.ts";

/** Bytes kept in memory before they are put on disk: a synced write costs as much for one as for a million. */
const PIECE = 4 * 1024 * 1024;

/** How an attempt ended: with all of it, with a part, with an answer that may be better later, or for good. */
export type Attempt = "whole" | "part" | { readonly again: string } | { readonly problem: Problem };

export async function take(
  url: URL,
  answer: IncomingMessage,
  order: Order,
  partial: Partial,
  pat: () => void,
): Promise<Attempt> {
  const status = answer.statusCode ?? 0;
  if (status === 416) return passedEnd(url, answer, partial);
  const extent = status === 200 || status === 206 ? extentOf(answer) : undefined;
  if (extent === undefined) return refusal(url, status);
  const wrong = wrongTotal(url, extent, order);
  if (wrong !== undefined) return { problem: wrong };
  if (extent.from === 0) await partial.reset(validatorOf(answer));
  else if (extent.from !== partial.size()) return { again: "it sent another part than was asked for" };
  const ended = await receive(answer, partial, order.maxBytes, pat);
  if (partial.size() > order.maxBytes) {
    await partial.reset(undefined);
    return { problem: tooLarge(url, order.maxBytes) };
  }
  const whole = extent.total === undefined ? ended : partial.size() >= extent.total;
  return whole ? "whole" : "part";
}

/** There is nothing after what we have: it is all, or the file is another one now. */
async function passedEnd(url: URL, answer: IncomingMessage, partial: Partial): Promise<Attempt> {
  const have = partial.size();
  if (have === 0) return refusal(url, 416);
  const [, total] = /^bytes \*\/(\d+)$/u.exec(answer.headers["content-range"] ?? "") ?? [];
  if (Number(total) === have) return "whole";
  await partial.reset(undefined);
  return { again: "it has another file now" };
}

function refusal(url: URL, status: number): Attempt {
  const words = `it answered ${status}`;
  const passes = status >= 500 || status === 408 || status === 429;
  return passes ? { again: words } : { problem: refused(url, words) };
}

function wrongTotal(url: URL, { total }: Extent, { maxBytes }: Order): Problem | undefined {
  if (total === undefined) return undefined;
  return total > maxBytes ? tooLarge(url, maxBytes, total) : undefined;
}

/** What came is kept, however it ends. Whether the server ended it properly. */
async function receive(answer: IncomingMessage, partial: Partial, maxBytes: number, pat: () => void): Promise<boolean> {
  let pieces: Buffer[] = [];
  let waiting = 0;
  let left = maxBytes - partial.size();
  const flush = async (): Promise<void> => {
    if (waiting > 0) await partial.append(Buffer.concat(pieces));
    pieces = [];
    waiting = 0;
  };
  try {
    for await (const piece of answer as AsyncIterable<Buffer>) {
      pat();
      pieces.push(piece);
      waiting += piece.length;
      left -= piece.length;
      if (waiting >= PIECE || left < 0) await flush();
      if (left < 0) break;
    }
  } catch (error) {
    if (!isNetworkError(error)) throw error;
  }
  await flush();
  return answer.complete;
}
