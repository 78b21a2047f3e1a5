// Where a web server of the school notes its address, a path and words in; it is seen that the page has them.
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Deviation } from "./deviation.ts";

const TIMEOUT_MS = 30_000;
const PAUSE_MS = 20;

/** A server that was just started may still be on its way. */
export async function seePage(addressFile: string, path: string, words: string): Promise<void> {
  const giveUpAt = performance.now() + TIMEOUT_MS;
  let seen: string;
  do {
    seen = await pageText(addressFile, path);
    if (seen.includes(words)) return;
    await pause(PAUSE_MS);
  } while (performance.now() < giveUpAt);
  throw new Deviation(`The web server for the lessons should show ${path} with “${words}”, and shows: ${seen}`);
}

async function pageText(addressFile: string, path: string): Promise<string> {
  try {
    const address = (await readFile(addressFile, "utf8")).trim();
    const answer = await fetch(new URL(path, address), { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return await answer.text();
  } catch (error) {
    return String(error);
  }
}
