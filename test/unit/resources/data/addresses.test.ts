import { describe, expect, test } from "@jest/globals";
import { addressOf, redirected, shown } from "../../../../reconciler/resources/data/http/address.ts";
import { rsyncSource } from "../../../../reconciler/resources/data/rsync/address.ts";
import { sourceOf } from "../../../../reconciler/resources/data/source.ts";

describe("rsync is asked for", () => {
  test.each([
    ["rsync://data.example.org/books/es/", "rsync://data.example.org/books/es", false],
    ["rsync://[::1]/m", undefined, false],
    ["rsync://127.0.0.1:8730/lists/black list.txt", "rsync://127.0.0.1:8730/lists/black list.txt", false],
    ["data@example.org:/srv/books", "data@example.org:/srv/books", false],
    ["server:books", "server:books", false],
    ["/media/stick/books/", "/media/stick/books", true],
  ])("%s", (url, from, local) => {
    const source = rsyncSource(url);
    expect(source.ok ? source.value : undefined).toEqual(from === undefined ? undefined : { from, local });
  });

  test.each([
    "--rsh=sh -c id",
    "-e sh:x",
    "rsync://-host/m",
    "-oProxyCommand=id:x",
    "host:-x",
    "host:$(id)",
    "relative/path",
    "/media/../etc",
    "http://host/x",
    "rsync://host",
    "/",
    "",
    "/media/stick\n",
  ])("and never for %j", (url) => {
    expect(rsyncSource(url).ok).toBe(false);
  });
});

describe("a redirect", () => {
  const from = new URL("https://a.example/x");

  test.each([
    ["https://b.example/y", "https://b.example/y"],
    ["/z", "https://a.example/z"],
  ])("to %s is followed", (location, to) => {
    expect(redirected(from, location)).toMatchObject({ ok: true, value: { href: to } });
  });

  test.each([["http://a.example/x"], ["file:///etc/passwd"], ["ftp://a.example/"], [undefined]])(
    "to %s is not",
    (location) => {
      expect(redirected(from, location).ok).toBe(false);
    },
  );
});

test.each(["ftp://host/x", "/srv/x", "javascript:1", ""])("%j is no address of a web server", (text) => {
  expect(addressOf(text).ok).toBe(false);
});

test("a password in an address is shown to nobody", () => {
  expect(shown(new URL("https://school:secret@host/x?key=secret"))).toBe("https://host/x");
  const source = { type: "http", url: "https://school:secret@host/x", digest: "" } as const;
  expect(sourceOf({ source })).toBe("https://host/x");
});
