// The bytes of a file of records in; the same bytes damaged in every way that is told, out, each with its name.

export interface Damage {
  readonly what: string;
  readonly bytes: Buffer;
}

/** Each byte with each of its bits turned, or with one of them where that is enough; and as 0, 255 and an end of line. */
export function* flips(bytes: Buffer, everyBit: boolean): Iterable<Damage> {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const bits = everyBit ? [0, 1, 2, 3, 4, 5, 6, 7] : [at % 8];
    for (const value of new Set([...bits.map((bit) => byte ^ (1 << bit)), 0, 255, 10])) {
      if (value !== byte) yield { what: `byte ${at} as ${value}`, bytes: replaced(bytes, at, Buffer.from([value])) };
    }
  }
}

export function* truncations(bytes: Buffer): Iterable<Damage> {
  for (let length = 0; length < bytes.length; length++)
    yield { what: `the first ${length} bytes`, bytes: Buffer.from(bytes.subarray(0, length)) };
}

export function* disorders(bytes: Buffer, chance: () => number): Iterable<Damage> {
  const lines = bytes.toString("latin1").match(/[^\n]*\n/gu) ?? [];
  const joined = (what: string, order: readonly string[]): Damage => ({
    what,
    bytes: Buffer.from(order.join(""), "latin1"),
  });
  yield joined("backwards", lines.toReversed());
  for (const [n, line] of lines.entries()) {
    yield joined(`record ${n} twice`, lines.toSpliced(n, 0, line));
    yield joined(`record ${n} last`, [...lines.toSpliced(n, 1), line]);
    yield joined(`record ${n} first`, [line, ...lines.toSpliced(n, 1)]);
  }
  for (let n = 0; n < 200; n++) {
    const order = lines.map((line) => [chance(), line] as const).sort(([one], [other]) => one - other);
    yield joined(
      `shuffle ${n}`,
      order.map(([, line]) => line),
    );
  }
}

export function* havoc(bytes: Buffer, chance: () => number): Iterable<Damage> {
  const number = (below: number): number => Math.floor(chance() * below);
  for (let n = 0; n < 1500; n++) {
    const [at, length] = [number(bytes.length), 1 + number(n % 3 === 0 ? 8 : 700)];
    const part = bytes.subarray(at, at + length);
    const other = number(bytes.length);
    const made = Buffer.from(Array.from(part, () => number(256)));
    const ways = {
      lost: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
      zeroed: replaced(bytes, at, Buffer.alloc(part.length)),
      "made up": replaced(bytes, at, made),
      "put in once more": Buffer.concat([bytes.subarray(0, other), part, bytes.subarray(other)]),
      "written over another": replaced(bytes, Math.min(other, bytes.length - part.length), part),
    };
    for (const [way, damaged] of Object.entries(ways))
      yield { what: `${length} bytes from ${at} ${way} (${other}, turn ${n})`, bytes: damaged };
  }
}

function replaced(bytes: Buffer, at: number, part: Buffer): Buffer {
  const damaged = Buffer.from(bytes);
  part.copy(damaged, at);
  return damaged;
}
