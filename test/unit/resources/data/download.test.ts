import { afterEach, describe, expect, test } from "@jest/globals";
import { download } from "../../../../reconciler/resources/data/http/download.ts";
import type { Order, Patience } from "../../../../reconciler/resources/data/http/order.ts";
import { partialAt } from "../../../../reconciler/resources/data/http/partial.ts";
import { bytesOf, DataWeb, endless, type Manners, type Served } from "../../../support/data-web.ts";
import { MemoryFiles } from "../../../support/memory-files.ts";

/** Nobody waits in a test; only where nothing comes it may not take for ever. */
const HASTE: Patience = { idleMs: 60_000, totalMs: 600_000, attempts: 3, pauseMs: 1 };
const NEVER = new AbortController().signal;
const open: DataWeb[] = [];

afterEach(async () => {
  for (const web of open.splice(0)) await web.close();
});

async function serve(content: Served, manners: Manners = {}): Promise<DataWeb> {
  const web = await new DataWeb(content, manners).open();
  open.push(web);
  return web;
}

class Desk {
  readonly files = new MemoryFiles();
  readonly partial = partialAt(this.files, "/part");

  order(web: DataWeb, more: Partial<Order> = {}, patience = HASTE) {
    const order = { url: more.url ?? web.url(), digest: web.content.digest(), maxBytes: 1e9, ...more };
    return download(order, this.partial, NEVER, patience);
  }

  async bytes(): Promise<Buffer> {
    return this.files.read("/part");
  }
}

const KIB = 1024;
const LONG = endless(1500 * KIB);

describe("a file comes whole", () => {
  test.each<[string, Manners]>([
    ["in one piece", {}],
    ["without being told how long it is", { chunked: true }],
    ["from a server that drops every 200 KiB", { dropEvery: 200 * KIB, etag: '"v1"' }],
    ["from one that drops and does not say which version it is", { dropEvery: 200 * KIB }],
    ["from one that is broken for a moment", { instead: (n) => (n === 0 ? { status: 503 } : undefined) }],
    ["after a redirect", { instead: (n) => (n === 0 ? { status: 302, headers: { location: "/other" } } : undefined) }],
  ])("%s", async (_, manners) => {
    const [desk, web] = [new Desk(), await serve(LONG, manners)];
    expect(await desk.order(web)).toBeUndefined();
    expect((await desk.bytes()).equals(LONG.slice(0, LONG.size))).toBe(true);
  });

  test("although nobody kept count of what was on its way when the line broke", async () => {
    const [desk, web] = [new Desk(), await serve(LONG, { dropEvery: 700 * KIB, drop: "reset", etag: '"v1"' })];
    expect(await desk.order(web, {}, { ...HASTE, attempts: 50 })).toBeUndefined();
    expect((await desk.bytes()).equals(LONG.slice(0, LONG.size))).toBe(true);
  });
});

describe("what has come is kept", () => {
  test("and the next run asks for the rest, of the same version only", async () => {
    const desk = new Desk();
    const web = await serve(LONG, {
      etag: '"v1"',
      dropEvery: 300 * KIB,
      instead: (n) => (n > 0 && n < 4 ? { status: 500 } : undefined),
    });
    expect(await desk.order(web)).toMatchObject({ code: "data-unreachable" });
    const kept = desk.partial.size();
    expect(kept).toBeGreaterThan(0);
    delete web.manners.dropEvery;
    expect(await desk.order(web)).toBeUndefined();
    expect(web.requests.at(-1)).toMatchObject({ range: `bytes=${kept}-`, "if-range": '"v1"' });
  });

  test("but not put together with another version", async () => {
    const desk = new Desk();
    await desk.partial.reset('"v0"');
    await desk.partial.append(Buffer.from("old"));
    const web = await serve(LONG, { etag: '"v1"' });
    expect(await desk.order(web)).toBeUndefined();
    expect((await desk.bytes()).equals(LONG.slice(0, LONG.size))).toBe(true);
  });

  test("and begun anew if it turns out to be of another one, with a server that cannot tell", async () => {
    const desk = new Desk();
    await desk.partial.append(Buffer.from("old"));
    const web = await serve(LONG);
    expect(await desk.order(web)).toBeUndefined();
    expect(web.requests).toHaveLength(2);
  });

  test("and is enough when it is all there was", async () => {
    const desk = new Desk();
    const web = await serve(bytesOf("all of it"));
    await desk.partial.append(Buffer.from("all of it"));
    expect(await desk.order(web)).toBeUndefined();
    expect(web.sent).toBe(0);
  });
});

describe("not taken is", () => {
  test("other content than was named", async () => {
    const [desk, web] = [new Desk(), await serve(bytesOf("tampered"))];
    expect(await desk.order(web, { digest: bytesOf("named").digest() })).toMatchObject({ code: "data-digest" });
    expect(desk.partial.size()).toBe(0);
  });

  test("what says that it is larger than allowed, before any of it comes", async () => {
    const [desk, web] = [new Desk(), await serve(LONG)];
    expect(await desk.order(web, { maxBytes: 1000 })).toMatchObject({ code: "data-too-large" });
    expect(desk.partial.size()).toBe(0);
  });

  test("what does not say so and goes on and on", async () => {
    const [desk, web] = [new Desk(), await serve(LONG, { chunked: true })];
    expect(await desk.order(web, { maxBytes: 1000 })).toMatchObject({ code: "data-too-large" });
    expect(desk.partial.size()).toBe(0);
  });

  test("what is not there", async () => {
    const [desk, web] = [new Desk(), await serve(LONG, { instead: () => ({ status: 404 }) })];
    expect(await desk.order(web)).toMatchObject({ code: "data-refused", what: expect.stringContaining("404") });
    expect(web.requests).toHaveLength(1);
  });

  test.each([
    ["a redirect that never ends", (): string => "/again", 6],
    ["a redirect to a file", (): string => "file:///etc/passwd", 1],
  ])("%s", async (_, location, requests) => {
    const instead = () => ({ status: 301, headers: { location: location() } });
    const [desk, web] = [new Desk(), await serve(LONG, { instead })];
    expect(await desk.order(web)).toMatchObject({ code: "data-redirect" });
    expect(web.requests).toHaveLength(requests);
  });
});

describe("it gives up", () => {
  test("after a few attempts that bring nothing", async () => {
    const [desk, web] = [new Desk(), await serve(LONG, { instead: () => ({ status: 500 }) })];
    expect(await desk.order(web)).toMatchObject({ code: "data-unreachable", what: expect.stringContaining("500") });
    expect(web.requests).toHaveLength(HASTE.attempts);
  });

  test("on a server that says nothing", async () => {
    const [desk, web] = [new Desk(), await serve(LONG, { instead: () => "silence" })];
    const told = await desk.order(web, {}, { ...HASTE, idleMs: 30 });
    expect(told).toMatchObject({ code: "data-unreachable", what: expect.stringContaining("nothing came") });
  });

  test("where nobody listens", async () => {
    const [desk, web] = [new Desk(), await serve(LONG)];
    const url = web.url();
    await web.close();
    open.splice(0);
    expect(await desk.order(web, { url })).toMatchObject({ code: "data-unreachable" });
  });

  test("when the run is over", async () => {
    const [desk, web] = [new Desk(), await serve(LONG, { instead: () => "silence" })];
    const order = { url: web.url(), digest: LONG.digest(), maxBytes: 1e9 };
    expect(await download(order, desk.partial, AbortSignal.timeout(30), HASTE)).toMatchObject({
      code: "data-unreachable",
    });
  });
});
