// Names of source files: which are leftovers of an editor, which cannot be used, and in which order they come.

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]/u;

/** Byte-wise order of two names in UTF-8, without making the bytes. */
export function compareNames(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at++) {
    const [one, other] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (one !== other) return rank(one) - rank(other);
  }
  return left.length - right.length;
}

/** UTF-16 puts surrogates before U+E000, UTF-8 puts what they stand for behind U+FFFF. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  return unit >= 0xd800 ? unit + 0x2000 : unit;
}

/** The number of path segments before the service directory; undefined when there is none. */
export function serviceIndex(segments: readonly string[]): number | undefined {
  const index = segments.findIndex((name, at) => at < segments.length - 1 && name.length > 2 && name.endsWith(".d"));
  return index === -1 ? undefined : index;
}

/**
 * A dotfile, or what an editor left behind. Below a service directory a directory may begin with a dot, because
 * `files.d/root/.ssh/authorized_keys/10-office.conf` is a reasonable thing to want.
 */
export function isLeftover(segments: readonly string[]): boolean {
  const name = segments.at(-1) ?? "";
  if (name.startsWith(".") || name.endsWith("~") || name.endsWith(".swp")) return true;
  const above = segments.slice(0, serviceIndex(segments) ?? -1);
  return above.some((segment) => segment.startsWith("."));
}

/** Why a path cannot be the path of a file below a folder, or undefined when it can. */
export function faultInPath(segments: readonly string[]): string | undefined {
  if (segments.some((name) => CONTROL.test(name)))
    return "has a name with control characters, or one that is not UTF-8";
  if (segments.some((name) => name === "" || name === "." || name === ".."))
    return "has an empty name, `.` or `..` in it";
  if (segments.some((name) => Buffer.byteLength(name) > 255)) return "has a name longer than 255 bytes";
  if (segments.join("/").length > 4000) return "is longer than 4000 characters";
  return undefined;
}
