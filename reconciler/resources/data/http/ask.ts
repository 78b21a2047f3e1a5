// An address and where to go on from in, the server's answer out, redirects followed.
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { succeed, type Result, refuse } from "../../../../common/problem.ts";
import { redirected, wrongRedirect } from "./address.ts";

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

export interface Question {
  /** The first byte that is wanted. */
  readonly from: number;
  /** Only if it is still the same as when this was said of it. */
  readonly validator?: string;
}

/** Throws the errors of node:http. Whoever takes the answer reads or destroys it. */
export async function ask(url: URL, question: Question, signal: AbortSignal): Promise<Result<IncomingMessage>> {
  let at = url;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const answer = await get(at, headersOf(question), signal);
    if (!REDIRECTS.includes(answer.statusCode ?? 0)) return succeed(answer);
    answer.destroy();
    const next = redirected(at, answer.headers.location);
    if (!next.ok) return next;
    at = next.value;
  }
  return refuse(wrongRedirect(url, `leads on more than ${MOST_REDIRECTS} times`));
}

function headersOf({ from, validator }: Question): Record<string, string> {
  // Compressed on the way, a part of it would not be a part of the file.
  const always = { "user-agent": "reconcile-data", "accept-encoding": "identity" };
  if (from === 0) return always;
  return { ...always, range: `bytes=${from}-`, ...(validator === undefined ? {} : { "if-range": validator }) };
}

function get(url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // No agent: a connection that was dropped in the middle is no good for the next part.
    const request = (url.protocol === "https:" ? https : http).get(url, { agent: false, headers, signal }, resolve);
    request.on("error", reject);
  });
}

/** A strong one: two parts under the same are parts of the same. */
export function validatorOf({ headers }: IncomingMessage): string | undefined {
  const { etag } = headers;
  return etag !== undefined && /^"[\x21\x23-\x7e]*"$/u.test(etag) ? etag : headers["last-modified"];
}

export interface Extent {
  /** The first byte of the answer. */
  readonly from: number;
  /** Length of the whole, where the server says it. */
  readonly total?: number;
}

export function extentOf(answer: IncomingMessage): Extent | undefined {
  if (answer.statusCode === 200) return { from: 0, ...lengthOf(answer.headers["content-length"]) };
  const [, from, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/u.exec(answer.headers["content-range"] ?? "") ?? [];
  return from === undefined ? undefined : { from: Number(from), ...lengthOf(total) };
}

function lengthOf(text: string | undefined): { readonly total?: number } {
  return text !== undefined && /^\d{1,15}$/u.test(text) ? { total: Number(text) } : {};
}
