import { describe, expect, test } from "@jest/globals";
import { checkAddress, redacted } from "../../../reconciler/source/address.ts";

const closed = { plainHttp: false };

describe("addresses that are taken", () => {
  test.each([
    ["https://git.school.example/fleet.git", "https", "https://git.school.example/fleet.git"],
    ["https://git.school.example:8443/fleet.git", "https", "https://git.school.example:8443/fleet.git"],
    ["ssh://git@git.school.example:2222/srv/fleet.git", "ssh", "ssh://git@git.school.example:2222/srv/fleet.git"],
    ["ssh://git@[2001:db8::1]/srv/fleet.git", "ssh", "ssh://git@[2001:db8::1]/srv/fleet.git"],
    ["git@git.school.example:group/fleet.git", "ssh", "git@git.school.example:group/fleet.git"],
    ["git@[2001:db8::1]:fleet.git", "ssh", "git@[2001:db8::1]:fleet.git"],
    ["file:///srv/git/fleet.git", "file", "file:///srv/git/fleet.git"],
    ["/srv/git/fleet.git", "file", "file:///srv/git/fleet.git"],
    ["/media/usb stick/100%/fleet.git", "file", "file:///media/usb%20stick/100%25/fleet.git"],
    ["http://localhost:3000/fleet.git", "http", "http://localhost:3000/fleet.git"],
    ["http://127.0.0.1:3000/fleet.git", "http", "http://127.0.0.1:3000/fleet.git"],
    ["http://[::1]:3000/fleet.git", "http", "http://[::1]:3000/fleet.git"],
  ])("%s", (text, scheme, url) => {
    expect(checkAddress(text, closed)).toEqual({ ok: true, value: { scheme, url } });
  });

  test("http to another machine only when it is allowed", () => {
    const text = "http://172.18.96.1/fleet.git";
    expect(checkAddress(text, { plainHttp: true })).toMatchObject({ ok: true, value: { scheme: "http" } });
    expect(checkAddress(text, closed)).toMatchObject({ ok: false, problems: [{ code: "address-plain-http" }] });
  });

  test("credentials of an https address are taken out of the URL and printed as stars", () => {
    const address = checkAddress("https://school-12:s%3Acret@git.school.example/fleet.git", closed);
    if (!address.ok) throw new Error("refused");
    expect(address.value.url).toBe("https://git.school.example/fleet.git");
    expect(address.value.credentials).toEqual({ user: "school-12", password: "s:cret" });
    expect(redacted(address.value)).toBe("https://***@git.school.example/fleet.git");
  });
});

describe("addresses that are refused", () => {
  test.each([
    "",
    "fleet.git",
    "../fleet.git",
    "~/fleet.git",
    "host:fleet.git",
    "-u@host:fleet.git",
    "--upload-pack=touch /tmp/x",
    "ext::sh -c 'touch /tmp/x'",
    "EXT::sh -c x",
    "fd::17",
    "https::https://host/x",
    "ssh://-oProxyCommand=x/fleet.git",
    "ssh://git@-oProxyCommand=x/fleet.git",
    "ssh://-l@host/fleet.git",
    "ssh://git:secret@host/fleet.git",
    "ssh://host/-x",
    "git@-oProxyCommand=x:fleet.git",
    "git@host:--upload-pack=x",
    "git@host:fleet.git extra",
    "git@ho st:fleet.git",
    "git@host;id:fleet.git",
    "git://host/fleet.git",
    "ftp://host/fleet.git",
    "javascript:alert(1)",
    "file://host/fleet.git",
    "https:///fleet.git",
    "https:\\\\host\\fleet.git",
    "https://host\\@other/fleet.git",
    "https://host/fleet.git?token=x",
    "https://host/fleet.git#main",
    "https://us%00er@host/fleet.git",
    "https://%E0%A4%A@host/fleet.git",
    "https://host/fleet.git\n",
    "https://host/\u001b[31m",
    `https://host/${"x".repeat(2048)}`,
  ])("%j", (text) => {
    const checked = checkAddress(text, { plainHttp: true });
    expect(checked).toMatchObject({ ok: false, problems: [{ code: "address-refused" }] });
  });

  test("a password over plain http is refused even where plain http is allowed", () => {
    const checked = checkAddress("http://me:secret@host/fleet.git", { plainHttp: true });
    expect(checked).toMatchObject({ ok: false, problems: [{ code: "address-refused" }] });
    expect(JSON.stringify(checked)).not.toContain("secret");
  });
});
