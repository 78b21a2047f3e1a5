// Keys into a JSON pointer (RFC 6901) and back.

/** `pointer("files", "/etc/motd")` is `/files/~1etc~1motd`. */
export function pointer(...keys: readonly string[]): string {
  return keys.map((key) => `/${key.includes("~") || key.includes("/") ? escape(key) : key}`).join("");
}

/** The keys of a pointer, outermost first. */
export function keysOf(text: string): string[] {
  return text
    .split("/")
    .slice(1)
    .map((key) => (key.includes("~") ? key.replaceAll("~1", "/").replaceAll("~0", "~") : key));
}

function escape(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
