// The text of an address in, an address that may be asked out; and where a redirect may lead.
import { printable } from "../../../../common/printable.ts";
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";

export function addressOf(text: string): Result<URL> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return succeed(url);
  return refuse({
    code: "data-address",
    what: `this is no address of a web server: ${printable(text)}`,
    hint: "write it as https://host/path",
  });
}

/** What was asked for safely is never taken unsafely. */
export function redirected(from: URL, location: string | undefined): Result<URL> {
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (to === undefined) return refuse(wrongRedirect(from, "leads to no address"));
  if (to.protocol !== "http:" && to.protocol !== "https:")
    return refuse(wrongRedirect(from, "leads away from the web"));
  if (from.protocol === "https:" && to.protocol === "http:") {
    return refuse(wrongRedirect(from, `leads from https to http (${shown(to)})`));
  }
  return succeed(to);
}

export function wrongRedirect(from: URL, what: string): Problem {
  return {
    code: "data-redirect",
    what: `${shown(from)} ${what}`,
    hint: "write the address of the file itself in the desired state",
  };
}

/** Without the name and password that may be in it. */
export function shown(url: URL): string {
  return printable(`${url.protocol}//${url.host}${url.pathname}`);
}
