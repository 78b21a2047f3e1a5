// The words that apt-get and dpkg are called with: on this machine itself, and on another root.
import { expect, test } from "@jest/globals";
import type { Machine } from "../../../../../reconciler/machine/machine.ts";
import { openMachine } from "../../../../../reconciler/machine/real.ts";
import { aptGet, dpkg, dpkgQuery, look } from "../../../../../reconciler/resources/managers/apt/call.ts";

const state = "/srv/state";
const here = { ...openMachine({ root: "/", state }), privileged: true };
const elsewhere = { ...openMachine({ root: "/srv/no such root", state }), privileged: true };

test("nothing is taken away that nobody named, and conffiles stay, whatever the machine's settings say", () => {
  const argv = aptGet(here, "install");
  expect(argv).toEqual(
    expect.arrayContaining([
      "APT::Get::AutomaticRemove=false",
      "APT::Get::Purge=false",
      "DPkg::Lock::Timeout=0",
      "DPkg::Options::=--force-confold",
      "DPkg::Options::=--force-confdef",
    ]),
  );
});

test("on this machine itself apt's own settings and places are used", () => {
  const words = [...aptGet(here), ...dpkg(here), ...dpkgQuery(here)].join(" ");
  expect(words).not.toMatch(/--root|--force-not-root|script-chrootless|Dir=/u);
  expect(words).toContain("--admindir=/var/lib/dpkg");
});

test("on another root everything lies below it", () => {
  expect(aptGet(elsewhere)).toEqual(
    expect.arrayContaining(["Dir=/srv/no such root", "DPkg::Options::=--root=/srv/no such root"]),
  );
  expect(dpkg(elsewhere, "--audit")).toEqual([
    "dpkg",
    "--root=/srv/no such root",
    "--log=/srv/no such root/var/log/dpkg.log",
    "--audit",
  ]);
});

test("only an ordinary user's dpkg runs scripts outside of their root", () => {
  expect(dpkg(elsewhere)).not.toContain("--force-script-chrootless");
  expect(dpkg({ ...elsewhere, privileged: false })).toContain("--force-script-chrootless");
});

test("programs are told not to ask, in a fixed locale, and nothing of this machine's hooks for another root", async () => {
  expect(await environmentOf(here)).toMatchObject({ DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" });
  expect(await environmentOf(here)).not.toHaveProperty("APT_CONFIG");
  expect(await environmentOf(elsewhere)).toHaveProperty("APT_CONFIG", "/srv/state/apt-elsewhere.conf");
});

async function environmentOf(machine: Machine): Promise<Readonly<Record<string, string>> | undefined> {
  let env: Readonly<Record<string, string>> | undefined;
  const query: Machine["query"] = async (_, options) => {
    env = options.env;
    return { code: 0, stdout: Buffer.alloc(0), stderr: "" };
  };
  await look({ ...machine, query }, ["dpkg"]);
  return env;
}
