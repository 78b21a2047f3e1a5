// Whether a repository answers where the next fetch will look for it. Only asked who is there: nothing is sent that
// anybody could use, and nothing that comes is believed. A port that is open is not enough, because the way in between
// (a proxy, a portal that wants a login) may open it for everybody.
import { stat } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import type { IncomingMessage } from "node:http";
import { destinationOf } from "../destination.ts";
import { firstErrorWords } from "../words.ts";
import type { Probe } from "../../model/health.ts";
import type { Reached } from "../../machine/machine.ts";

const MOST_BYTES = 8192;
const YES: Reached = { ok: true, detail: "" };

/** Throws the errors of node:http. */
export async function probeRemote(probe: Extract<Probe, { type: "remote" }>, signal: AbortSignal): Promise<Reached> {
  const destination = destinationOf(probe.url);
  switch (destination?.type) {
    case "web":
      return askWeb(new URL(destination.url), signal);
    case "ssh":
      return askSsh(destination, signal);
    case "folder":
      return (await isFolder(destination.path)) ? YES : { ok: false, detail: "there is no such folder" };
    default:
      return { ok: false, detail: "its address cannot be read" };
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

/** An ssh server speaks first. */
function askSsh(
  { host, port }: { readonly host: string; readonly port: number },
  signal: AbortSignal,
): Promise<Reached> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = net.connect({ host, port });
    const finish = (reached: Reached) => {
      signal.removeEventListener("abort", hangUp);
      socket.destroy();
      resolve(reached);
    };
    const hangUp = () => finish({ ok: false, detail: "no answer" });
    signal.addEventListener("abort", hangUp, { once: true });
    socket.on("data", (piece) => {
      heard += piece.toString("latin1");
      if (/^SSH-/mu.test(heard)) finish(YES);
      else if (heard.length > MOST_BYTES) finish({ ok: false, detail: "what answered does not speak ssh" });
    });
    socket.on("end", () => finish({ ok: false, detail: "what answered does not speak ssh" }));
    socket.on("error", (error) => finish({ ok: false, detail: firstErrorWords(error) }));
  });
}

/** The first question of every fetch. */
async function askWeb(url: URL, signal: AbortSignal): Promise<Reached> {
  url.pathname = `${url.pathname.replace(/\/+$/u, "")}/info/refs`;
  url.search = "?service=git-upload-pack";
  const answer = await get(url, signal);
  try {
    return (await isGit(answer))
      ? YES
      : { ok: false, detail: `answered ${answer.statusCode ?? 0}, but not as git does` };
  } finally {
    answer.destroy();
  }
}

function get(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { "user-agent": "git/2 (reconcile-health)", "git-protocol": "version=2" };
    // Whom to trust is git's own question, which it asks with the certificates of this system and not with node's.
    const options = { agent: false, headers, signal, rejectUnauthorized: false } as const;
    const request = url.protocol === "https:" ? https.get(url, options, resolve) : http.get(url, options, resolve);
    request.on("error", reject);
  });
}

/** Also when it wants to know who asks, or has moved to where git will follow it. */
async function isGit(answer: IncomingMessage): Promise<boolean> {
  const { statusCode = 0, headers } = answer;
  if (statusCode === 401 || statusCode === 403) return true;
  if (statusCode >= 300 && statusCode < 400) return /\/info\/refs(?:\?|$)/u.test(headers.location ?? "");
  if (statusCode !== 200) return false;
  if (headers["content-type"] === "application/x-git-upload-pack-advertisement") return true;
  return /^[\da-f]{40}/u.test(await beginning(answer));
}

async function beginning(answer: IncomingMessage): Promise<string> {
  for await (const piece of answer as AsyncIterable<Buffer>) return piece.toString("latin1");
  return "";
}
