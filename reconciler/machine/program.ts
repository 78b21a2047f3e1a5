// The environment and the search path that other programs are started with, whatever our own looks like.

const USUAL = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** Our own PATH without its relative parts, or the usual one. */
export function programPath(): string {
  const parts = (process.env["PATH"] ?? "").split(":").filter((part) => part.startsWith("/"));
  return (parts.length > 0 ? parts : USUAL).join(":");
}

/** All that a program is told of our environment. */
export function programEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return { PATH: programPath(), LANG: "C.UTF-8", HOME: "/", ...more };
}
