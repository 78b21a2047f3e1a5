// Bytes as a socket hands them on; the lines that were sent.
import { expect, test } from "@jest/globals";
import { lines } from "../../../reconciler/control/protocol.ts";

async function* inPieces(bytes: Buffer, size: number): AsyncIterable<Buffer> {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size));
}

async function linesOf(text: string, size: number, limit = 1000): Promise<string[]> {
  const found: string[] = [];
  for await (const line of lines(inPieces(Buffer.from(text), size), limit)) found.push(line);
  return found;
}

test.each([1, 2, 3, 5, 64])(
  "lines come whole out of pieces of %d bytes, letters of several bytes too",
  async (size) => {
    expect(await linesOf("señal de la mañana\n日本 🏫\nrest", size)).toEqual(["señal de la mañana", "日本 🏫"]);
  },
);

test("a line longer than the limit ends it", async () => {
  expect(await linesOf(`short\n${"x".repeat(50)}\nlater\n`, 8, 20)).toEqual(["short"]);
});
