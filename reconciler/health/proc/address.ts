// An address as the kernel's tables write it, in hexadecimal, in; as people write it out.

/** Of 8 or 32 digits. The tables of sockets and of IPv4 routes have the bytes of each word backwards; `inOrder`: those of IPv6 routes have not. */
export function addressOf(hex: string, inOrder = false): string {
  const words = hex.match(/.{8}/gu) ?? [];
  const bytes = words.flatMap((word) => (inOrder ? bytesOf(word) : bytesOf(word).reverse()));
  if (bytes.length === 4) return bytes.join(".");
  const isMapped = bytes.slice(0, 12).join(" ") === "0 0 0 0 0 0 0 0 0 0 255 255";
  return isMapped ? bytes.slice(12).join(".") : shortened(bytes);
}

function bytesOf(word: string): number[] {
  return [0, 2, 4, 6].map((at) => Number.parseInt(word.slice(at, at + 2), 16));
}

/** URL has the rules for writing an IPv6 address. */
function shortened(bytes: readonly number[]): string {
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16));
  return new URL(`http://[${groups.join(":")}]/`).hostname.slice(1, -1);
}
