import { expect, test } from "@jest/globals";
import { faultOfRsync, faultOfUrl } from "../../../reconciler/desired/addresses.ts";

test.each([
  "rsync://mothership/encyclopedia",
  "rsync://mothership.example:8873/pub/books_2026/a-z",
  "rsync://192.0.2.1/m",
  "rsync://[2001:db8::1]:873/m/x.txt",
  "mothership:/srv/library",
  "keeper@mothership.example:/srv/library/a+b,c=d@e%20~f",
  "[2001:db8::1]:/srv/library",
])("rsync can fetch from %s", (address) => {
  expect(faultOfRsync(address)).toBeUndefined();
});

test.each(["http://a/", "https://a.example:8443/b?c=d"])("%s is an address of a file", (address) => {
  expect(faultOfUrl(address, "")).toBeUndefined();
});

test.each([
  "rsync://a/b c",
  "a:/b;c",
  "a:/b\nc",
  "a:/`b`",
  "a:/b/-c",
  "-e x:/a",
  "a:b:/c",
  "a@-b:/c",
  "rsync://a@b/c",
  "ext::sh",
])("nothing is handed to rsync as %j", (address) => {
  expect(faultOfRsync(address)?.hint).toBeDefined();
});
