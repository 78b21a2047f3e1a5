import { expect, test } from "@jest/globals";
import { stepsFor } from "../../../mace/apply/activate.ts";
import { PROVIDERS, providerTable } from "../../../mace/services/all.ts";
import { everywhere, type Provider } from "../../../mace/services/provider.ts";

function provider(service: string, ...affects: string[]): Provider {
  const activation = { how: "restart", units: everywhere(`${service}.service`) } as const;
  return { service, about: service, confiles: {}, activation, packages: {}, affects, replaces: {}, removes: {} };
}

test("a service comes before those that it affects, whatever their names", () => {
  const providers = providerTable([provider("a"), provider("m", "a"), provider("z", "m")]);
  const steps = stepsFor(["a", "z"], new Set(["a", "m", "z"]), "debian", providers);
  expect(steps.map(({ service }) => service)).toEqual(["z", "m", "a"]);
});

test("what mace does not configure it does not restart", () => {
  const providers = providerTable([provider("a"), provider("b", "a")]);
  expect(stepsFor(["b"], new Set(["b"]), "debian", providers).map(({ service }) => service)).toEqual(["b"]);
});

test("services that affect each other are each activated once", () => {
  const providers = providerTable([provider("a", "b"), provider("b", "a")]);
  expect(stepsFor(["a", "b"], new Set(["a", "b"]), "debian", providers)).toHaveLength(2);
});

test("a file with a program of its own activates that program, and files that share one activate it once", () => {
  const words = (...changed: string[]): string[] =>
    stepsFor(changed, new Set(changed), "debian", PROVIDERS).map(({ argv }) => argv.join(" "));
  expect(words("dhcp/kea")).toEqual(["systemctl restart kea-dhcp4-server.service"]);
  expect(words("bind/options", "bind/zones")).toEqual(["systemctl reload-or-restart named.service"]);
});

test("systemd reads its units again before anything is started from them", () => {
  const steps = stepsFor(
    ["systemd/units", "zz"],
    new Set(["systemd/units", "zz"]),
    "debian",
    providerTable([...PROVIDERS.values(), provider("zz")]),
  );
  expect(steps.map(({ argv }) => argv.join(" "))).toEqual(["systemctl daemon-reload", "systemctl restart zz.service"]);
});

test("each family has its own units, and files need none", () => {
  const words = (family: "debian" | "redhat"): string[] =>
    stepsFor(["files", "ssh"], new Set(["files", "ssh"]), family, PROVIDERS).map(({ argv }) => argv.join(" "));
  expect(words("debian")).toEqual(["systemctl reload-or-restart ssh.service"]);
  expect(words("redhat")).toEqual(["systemctl reload-or-restart sshd.service"]);
});
