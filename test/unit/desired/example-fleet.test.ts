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
import { fileId } from "../../../reconciler/model/state.ts";
import { folderTree } from "./support.ts";

const PACKAGE = join(import.meta.dirname, "../../..");
const tree = folderTree(join(PACKAGE, "desired-state"));
const templates = new Map([...folderTree(join(PACKAGE, "templates"))].map(([path, { bytes }]) => [path, bytes]));
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

  test("demands no owner, because a trial does not run as root", () => {
    for (const { owner, group } of desired.files.values()) expect([owner, group]).toEqual([undefined, undefined]);
  });

  test("is rendered so that its own health checks find what they look for", () => {
    const target = renderFor(desired);
    for (const { probe } of desired.health) {
      if (probe.type !== "file") throw new Error(`a trial cannot answer a ${probe.type} check`);
      expect(target.get(probe.path)).toContain(probe.contains ?? "");
    }
  });
});

test("gives the gateways names and a cache, and the appliance neither", () => {
  const layers = HOSTS.map((host) => valueOf(readHost(tree, host)).templates);
  const gateway = ["0100.base", "0200.names", "0300.proxy", "0600.web"];
  expect(layers).toEqual([["0100.base", "0600.web"], gateway, gateway]);
});

function renderFor(desired: DesiredState): Map<string, string> {
  const accounts = { users: new Map(), groups: new Map(), digest: "" };
  const root = { name: "templates", files: templates };
  const input = { desired, tree, templates: root, accounts, family: "debian", privileged: false, key: "k" } as const;
  const { target, contents } = valueOf(render(input));
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
