// Whether a web server answers a GET with the expected status and text.
import http from "node:http";
import https from "node:https";
import type { IncomingMessage } from "node:http";
import type { Probe } from "../../model/health.ts";
import type { Reached } from "../../machine/machine.ts";

type HttpProbe = Extract<Probe, { type: "http" }>;

/** Bytes of the body that are searched for the text. */
const MOST_BODY = 256 * 1024;

/** Follows no redirect: a redirect is an answer with its own status. Throws the errors of node:http. */
export async function probeHttp(probe: HttpProbe, signal: AbortSignal): Promise<Reached> {
  if (!URL.canParse(probe.url)) return { ok: false, detail: "its url cannot be read" };
  const url = new URL(probe.url);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return { ok: false, detail: "its url is neither http nor https" };
  }
  const answer = await get(url, signal);
  try {
    return await judgeAnswer(probe, answer);
  } finally {
    answer.destroy();
  }
}

function get(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { "user-agent": "reconcile-health", "accept-encoding": "identity" };
    // No agent: a kept connection would answer for a server that no longer listens.
    const options = { agent: false, headers, signal } as const;
    const request = (url.protocol === "https:" ? https : http).get(url, options, resolve);
    request.on("error", reject);
  });
}

async function judgeAnswer(probe: HttpProbe, answer: IncomingMessage): Promise<Reached> {
  const status = answer.statusCode ?? 0;
  if (status !== probe.status) return { ok: false, detail: `answered ${status}, expected ${probe.status}` };
  if (probe.contains === undefined) return { ok: true, detail: "" };
  const found = (await readBody(answer)).includes(probe.contains);
  return found ? { ok: true, detail: "" } : { ok: false, detail: `answered ${status}, but without the expected text` };
}

async function readBody(answer: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    pieces.push(piece);
    size += piece.length;
    if (size >= MOST_BODY) break;
  }
  return Buffer.concat(pieces).subarray(0, MOST_BODY);
}
