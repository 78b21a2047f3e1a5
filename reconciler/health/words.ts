// What went wrong while looking, in a few words that are safe to print.
import { printable } from "../../common/printable.ts";

const WORDS = new Map([
  ["ECONNREFUSED", "connection refused"],
  ["ECONNRESET", "the connection was cut"],
  ["EHOSTUNREACH", "no way to that host"],
  ["ENETUNREACH", "no way to that network"],
  ["ETIMEDOUT", "no answer"],
  ["ETIMEOUT", "the name server did not answer"],
  ["ENOTFOUND", "there is no such name"],
  ["ENODATA", "the name has no address"],
  ["ESERVFAIL", "the name server could not answer"],
  ["EREFUSED", "the name server refused to answer"],
  ["EAI_AGAIN", "no name server answered"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "its certificate is signed by itself"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another name"],
  ["HPE_INVALID_CONSTANT", "what answered does not speak HTTP"],
  ["ELEAVESROOT", "its path leads out of the managed root"],
  ["ETOOBIG", "is too big to be read"],
  ["EACCES", "may not be read"],
]);

const LONGEST = 200;

/** An error from the network, a file or a program. Unknown ones keep their own words. */
function errorWords(error: unknown): string {
  const code = textOf(error, "code");
  return (code === undefined ? undefined : WORDS.get(code)) ?? oneLine(textOf(error, "message") ?? String(error));
}

/** Of several addresses or questions that all failed, the first one's words have to do. */
export function firstErrorWords(error: unknown): string {
  return errorWords(error instanceof AggregateError ? error.errors[0] : error);
}

/** Printable and at most 200 characters. */
export function oneLine(text: string): string {
  const safe = printable(text.trim());
  return safe.length <= LONGEST ? safe : `${safe.slice(0, LONGEST - 3)}...`;
}

/** `0.2 s`, `5 s`. */
export function seconds(ms: number): string {
  return `${ms % 1000 === 0 ? ms / 1000 : (ms / 1000).toFixed(1)} s`;
}

function textOf(error: unknown, member: "code" | "message"): string | undefined {
  const value: unknown = typeof error === "object" && error !== null ? Reflect.get(error, member) : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
}
