// A web server on 127.0.0.1 with one file, that can be told to drop, to lie and to be slow; it counts what it sends.
import { createHash } from "node:crypto";
import http from "node:http";
import type { AddressInfo } from "node:net";

const BLOCK = 1024 * 1024;

export interface Served {
  readonly size: number;
  /** The bytes from `from` up to `to`. */
  slice(from: number, to: number): Buffer;
  /** Hex SHA-256 of all. */
  digest(): string;
}

/** Every mebibyte is the same but for its number: content without an end that costs no memory. */
export function endless(size: number): Served {
  const block = createHash("sha512").update("seed").digest();
  const filled = Buffer.alloc(BLOCK, block);
  const slice = (from: number, to: number): Buffer => {
    const pieces: Buffer[] = [];
    for (let at = from; at < to;) {
      const index = Math.floor(at / BLOCK);
      const end = Math.min(to, (index + 1) * BLOCK);
      filled.writeUInt32BE(index, 0);
      pieces.push(Buffer.from(filled.subarray(at - index * BLOCK, end - index * BLOCK)));
      at = end;
    }
    return Buffer.concat(pieces);
  };
  const digest = (): string => {
    const hash = createHash("sha256");
    for (let at = 0; at < size; at += BLOCK) hash.update(slice(at, Math.min(size, at + BLOCK)));
    return hash.digest("hex");
  };
  return { size, slice, digest };
}

export function bytesOf(content: string | Buffer): Served {
  const bytes = Buffer.from(content);
  const digest = (): string => createHash("sha256").update(bytes).digest("hex");
  return { size: bytes.length, slice: (from, to) => bytes.subarray(from, to), digest };
}

export interface Manners {
  readonly etag?: string;
  /** Bytes after which each answer ends before its time. */
  dropEvery?: number;
  /** How: after all of it has left, or with what was on its way lost. */
  drop?: "end" | "reset";
  readonly ranges?: boolean;
  /** Answers by number, from 0, in place of the usual one; `silence` never answers. */
  readonly instead?: (request: number) => { status: number; headers?: Record<string, string> } | "silence" | undefined;
  /** Leaves out how long it is. */
  readonly chunked?: boolean;
}

export class DataWeb {
  content: Served;
  manners: Manners;
  /** Bytes of bodies. */
  sent = 0;
  readonly requests: http.IncomingHttpHeaders[] = [];
  readonly #server: http.Server;

  constructor(content: Served, manners: Manners = {}) {
    this.content = content;
    this.manners = manners;
    this.#server = http.createServer((request, response) => {
      // The other side may be gone by now; then there is nobody to tell.
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  url(path = "/file"): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { etag, ranges = true, instead, chunked = false } = this.manners;
    const { content } = this;
    const other = instead?.(this.requests.length);
    this.requests.push(request.headers);
    if (other === "silence") return;
    if (other !== undefined) {
      response.writeHead(other.status, other.headers).end();
      return;
    }
    const asked = /^bytes=(\d+)-$/u.exec(request.headers.range ?? "")?.[1];
    const same = request.headers["if-range"] === undefined || request.headers["if-range"] === etag;
    const from = ranges && same ? Number(asked ?? 0) : 0;
    const isPart = ranges && same && asked !== undefined;
    if (isPart && from >= content.size) {
      response.writeHead(416, { "content-range": `bytes */${content.size}` }).end();
      return;
    }
    response.writeHead(isPart ? 206 : 200, {
      ...(etag === undefined ? {} : { etag }),
      ...(chunked ? {} : { "content-length": String(content.size - from) }),
      ...(isPart ? { "content-range": `bytes ${from}-${content.size - 1}/${content.size}` } : {}),
    });
    await this.#send(response, from);
  }

  async #send(response: http.ServerResponse, from: number): Promise<void> {
    const { dropEvery, drop = "end" } = this.manners;
    const end = Math.min(this.content.size, from + (dropEvery ?? Infinity));
    for (let at = from; at < end; at += BLOCK) {
      const piece = this.content.slice(at, Math.min(end, at + BLOCK));
      this.sent += piece.length;
      await new Promise<void>((resolve, reject) =>
        response.write(piece, (error) => {
          if (error) reject(error);
          else resolve();
        }),
      );
    }
    if (end === this.content.size) response.end();
    else if (drop === "end") response.socket?.end();
    else response.socket?.resetAndDestroy();
  }
}
