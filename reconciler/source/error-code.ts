// Anything that was thrown in, the system's word for it (`ENOENT`) out, if it is trouble of that kind.

export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
