// The fleet that ships with the program: it has to be right, and to pass its own health checks where it is rendered.
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { describeProblem } from "../../../common/problem.ts";
import type { Result } from "../../../common/problem.ts";
import { hostsOf, parseFleet } from "../../../reconciler/desired/parse.ts";
import { scope } from "../../../reconciler/desired/paths.ts";
import { readHost, select } from "../../../reconciler/desired/select.ts";
import { render } from "../../../reconciler/render/render.ts";
import type { DesiredState } from "../../../reconciler/model/desired.ts";
import { FAMILIES, type Family } from "../../../reconciler/model/family.ts";
import { fileId } from "../../../reconciler/model/state.ts";
import { TRIAL_HOST } from "../../../reconciler/trial/trial.ts";
import { folderTree } from "./support.ts";

const PACKAGE = join(import.meta.dirname, "../../..");
const tree = folderTree(join(PACKAGE, "desired-state"));
const templates = new Map([...folderTree(join(PACKAGE, "templates"))].map(([path, { bytes }]) => [path, bytes]));
/** Where the fleet says a name and mace knows one, both have to mean the same service. */
const CARED_FOR = ["chrony", "dnsmasq", "nginx", "squid", "ssh"];
const HOSTS = ["colegio-4", "escuela-12", "escuela-31"];

test("has three schools", () => {
  expect(hostsOf(valueOf(parseFleet(tree)))).toEqual(HOSTS);
});

describe.each(HOSTS)("%s", (host) => {
  const own = new Map([...tree].filter(([path]) => scope(host)(path)));
  const desired = valueOf(select(valueOf(parseFleet(tree)), host));

  test("is selected, and no other way from its own files alone", () => {
    expect(desired.host).toBe(host);
    expect(valueOf(readHost(own, host))).toEqual(desired);
  });

  test("demands no owner but those that it declares itself, so that a bare root knows them all", () => {
    const { users, groups } = desired.accounts;
    const known = [undefined, ...groups.keys()];
    for (const { owner, group } of [...desired.files.values(), ...desired.data.values()]) {
      expect([undefined, ...users.keys()]).toContain(owner);
      expect(known).toContain(group);
    }
  });

  test("is rendered so that its own health checks find what they look for", () => {
    const target = renderFor(desired);
    for (const { probe } of desired.health) {
      if (probe.type === "file") expect(target.get(probe.path)).toContain(probe.contains ?? "");
    }
  });
});

test("wants of a trial only what a folder can have", () => {
  const trial = valueOf(readHost(tree, TRIAL_HOST));
  expect([...trial.packages.keys()]).toEqual([]);
  expect([...trial.services.keys()]).toEqual(["lessons"]);
  expect(trial.health.map(({ probe }) => probe.type)).toEqual(trial.health.map(() => "file"));
});

test.each(FAMILIES)("calls what mace writes for by the name that it has on %s", (family) => {
  for (const host of HOSTS.filter((each) => each !== TRIAL_HOST)) {
    const { wanted } = renderOn(valueOf(readHost(tree, host)), family);
    const implied = [...wanted].flatMap(([id, wish]) =>
      wish.implied === true && id.startsWith("service:") ? [id] : [],
    );
    expect(implied.filter((id) => CARED_FOR.some((name) => id.startsWith(`service:${name}`)))).toEqual([]);
  }
});

test("gives the gateways names and a cache, and the appliance neither", () => {
  const layers = HOSTS.map((host) => valueOf(readHost(tree, host)).templates);
  const gateway = ["0100.base", "0200.names", "0300.proxy", "0600.web"];
  expect(layers).toEqual([["0100.base", "0600.web"], gateway, gateway]);
});

function renderOn(desired: DesiredState, family: Family) {
  const accounts = { users: new Map(), groups: new Map(), digest: "" };
  const root = { name: "templates", files: templates };
  const input = { desired, tree, templates: root, accounts, family, privileged: false, key: "k" } as const;
  const { target, contents } = valueOf(render(input));
  return { ...target, contents };
}

function renderFor(desired: DesiredState): Map<string, string> {
  const { contents, ...target } = renderOn(desired, "debian");
  const files = [...target.wanted].flatMap(([id, { state }]): [string, string][] => {
    const bytes = state.type === "regular" ? contents.get(state.digest) : undefined;
    return bytes === undefined ? [] : [[id.slice(fileId("").length), bytes.toString()]];
  });
  return new Map(files);
}

function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problems.map(describeProblem).join("\n"));
}
