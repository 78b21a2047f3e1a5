// A fleet's texts in, the Target of one school out: what is wanted where, by whom, and how it is to be kept.
import { describe, expect, test } from "@jest/globals";
import { readHost } from "../../../reconciler/desired/select.ts";
import type { Tree } from "../../../reconciler/model/revision.ts";
import { nameOf } from "../../../reconciler/model/state.ts";
import { render } from "../../../reconciler/render/render.ts";
import type { Problem } from "../../../common/problem.ts";

const ACCOUNTS = {
  users: new Map([
    ["root", 0],
    ["proxy", 13],
  ]),
  groups: new Map([
    ["root", 0],
    ["proxy", 13],
    ["staff", 50],
  ]),
  digest: "",
};
const TEMPLATES = {
  name: "templates",
  files: new Map([["0100.base/files.d/etc/issue/10-a.conf", Buffer.from("of the kit\n")]]),
};

function rendered(texts: Readonly<Record<string, string | Buffer>>, privileged = true) {
  const all = { "fleet.yaml": "{}\n", "schools/escuela-12.yaml": "{}\n", ...texts };
  const tree: Tree = new Map(
    Object.entries(all).map(([path, text]) => [path, { path, oid: path, bytes: Buffer.from(text) }]),
  );
  const desired = readHost(tree, "escuela-12");
  if (!desired.ok) throw new Error(JSON.stringify(desired.problems));
  return render({
    desired: desired.value,
    tree,
    templates: TEMPLATES,
    accounts: ACCOUNTS,
    family: "debian",
    privileged,
    key: "key",
  });
}

function made(texts: Readonly<Record<string, string | Buffer>>, privileged = true) {
  const result = rendered(texts, privileged);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const { target, contents, notices } = result.value;
  const wanted = Object.fromEntries(Array.from(target.wanted, ([id, each]) => [nameOf(id), each]));
  const text = (path: string): string | undefined => {
    const state = wanted[path]?.state;
    return state?.type === "regular" ? contents.get(state.digest)?.toString("latin1") : undefined;
  };
  return { target, wanted, notices, text };
}

function problemsOf(texts: Readonly<Record<string, string>>): readonly Problem[] {
  const result = rendered(texts);
  return result.ok ? [] : result.problems;
}

describe("wishes", () => {
  test("become states: a copy byte for byte, a template filled in, a link, a directory, and what is to be absent", () => {
    const binary = Buffer.from([0, 1, 2, 64, 65, 64, 255]);
    const files = {
      "/etc/copy": { copy: "files/binary" },
      "/etc/template": { template: "files/template", env: { WHO: "you" } },
      "/etc/link": { link: "copy" },
      "/srv/folder": { directory: true, mode: "2775", group: "staff" },
      "/etc/gone": { absent: true },
    };
    const { wanted, text } = made({
      "fleet.yaml": JSON.stringify({ files, env: { SCHOOL: "Escuela 12" } }),
      "files/binary": binary,
      "files/template": "@SCHOOL@ greets @WHO@, ask@@example\n",
    });
    expect(text("/etc/copy")).toBe(binary.toString("latin1"));
    expect(wanted["/etc/copy"]?.state).toMatchObject({ size: 7, mode: 0o644, uid: 0, gid: 0 });
    expect(text("/etc/template")).toBe("Escuela 12 greets you, ask@example\n");
    expect(wanted["/etc/link"]?.state).toEqual({ type: "symlink", target: "copy", uid: 0, gid: 0 });
    expect(wanted["/srv/folder"]?.state).toEqual({ type: "directory", mode: 0o2775, uid: 0, gid: 50 });
    expect(wanted["/etc/gone"]?.state).toEqual({ type: "absent" });
  });

  test("give permissions to what pieces make", () => {
    const { wanted, text } = made({
      "fleet.yaml": JSON.stringify({ files: { "/etc/motd": { mode: "0600", owner: "proxy" } } }),
      "config/fleet/files.d/etc/motd/10-a.conf": "hello\n",
    });
    expect(wanted["/etc/motd"]?.state).toMatchObject({ mode: 0o600, uid: 13, gid: 0 });
    expect(text("/etc/motd")).toContain("hello\n");
  });

  test("leave owners alone without the right to set them, and say so once", () => {
    const files = {
      "/etc/a": { copy: "files/a", owner: "unheard-of" },
      "/etc/b": { copy: "files/a", group: "neither" },
    };
    const { wanted, notices } = made({ "fleet.yaml": JSON.stringify({ files }), "files/a": "a\n" }, false);
    expect(wanted["/etc/a"]?.state).not.toHaveProperty("uid");
    expect(notices.map(({ code }) => code)).toEqual(["owners-not-set"]);
  });
});

describe("folders on the way", () => {
  const files = { "/srv/library/index": { copy: "files/a" }, "/srv/own": { directory: true } };

  test("have to be there, and may look as they like", () => {
    const { wanted } = made({ "fleet.yaml": JSON.stringify({ files }), "files/a": "a\n" });
    expect(wanted["/srv/library"]).toEqual({ state: { type: "directory" }, policy: "enforce", implied: true });
    expect(wanted["/srv"]).toMatchObject({ implied: true });
    expect(wanted["/srv/own"]).not.toHaveProperty("implied");
  });

  test("are made for what is to be put right, whatever is said of the folder itself", () => {
    const policy = { "/srv/": "report", "/srv/library/index": "enforce" };
    const { wanted } = made({ "fleet.yaml": JSON.stringify({ files, policy }), "files/a": "a\n" });
    expect(wanted["/srv/library"]?.policy).toBe("enforce");
    expect(wanted["/srv/own"]?.policy).toBe("report");
  });

  test("are not made for what is only reported", () => {
    const all = made({ "fleet.yaml": JSON.stringify({ files, policy: { "/": "report" } }), "files/a": "a\n" });
    expect(Object.values(all.wanted).map(({ policy }) => policy)).toEqual(["report", "report", "report", "report"]);
  });

  test("are not wanted for what is to be absent", () => {
    const { wanted } = made({ "fleet.yaml": JSON.stringify({ files: { "/srv/old/file": { absent: true } } }) });
    expect(Object.keys(wanted)).toEqual(["/srv/old/file"]);
  });
});

describe("the Target", () => {
  test("does not depend on the order in which things are written", () => {
    const one = { "/etc/b": { copy: "files/a" }, "/etc/a": { copy: "files/a" }, "/srv/x/y": { copy: "files/a" } };
    const other = Object.fromEntries(Object.entries(one).reverse());
    const [first, second] = [one, other].map(
      (files) => made({ "fleet.yaml": JSON.stringify({ files }), "files/a": "a\n" }).target,
    );
    expect([...first!.wanted]).toEqual([...second!.wanted]);
  });

  test("hands on the policies, for what is not wanted any more", () => {
    const { target } = made({ "fleet.yaml": JSON.stringify({ policy: { "/etc/": "report", "/srv/x": "ignore" } }) });
    expect([...(target.policies ?? [])]).toEqual([
      ["/etc/", "report"],
      ["/srv/x", "ignore"],
    ]);
  });

  test("hands on what is to be confirmed, by the names of this distribution", () => {
    const services = { web: { running: true, names: { debian: "apache2" } }, other: { names: { debian: null } } };
    const confirm = { "/etc/modem/": true, "service:web": true, "service:other": true, "package:modem": true };
    const { target } = made({ "fleet.yaml": JSON.stringify({ services, confirm }) });
    expect(target.confirm).toEqual(["/etc/modem/", "package:modem", "service:apache2"]);
    expect(made({}).target).not.toHaveProperty("confirm");
  });

  test("takes templates only when they are switched on", () => {
    expect(Object.keys(made({}).wanted)).toEqual([]);
    const { text } = made({ "fleet.yaml": JSON.stringify({ templates: { "0100.base": true } }) });
    expect(text("/etc/issue")).toContain("of the kit\n");
  });
});

test("every problem is told at once", () => {
  const files = {
    "/etc/a": { copy: "files/a", owner: "nobody-here" },
    "/etc/never": { mode: "0600" },
    "/etc/motd": { copy: "files/a" },
  };
  const problems = problemsOf({
    "fleet.yaml": JSON.stringify({ files }),
    "files/a": "a\n",
    "config/fleet/files.d/etc/motd/10-a.conf": "hello\n",
  });
  expect(problems.map(({ code }) => code).sort()).toEqual(["nothing-to-permit", "two-sources", "unknown-user"]);
  expect(problems.every(({ where, hint }) => where?.file === "fleet.yaml" && hint !== undefined)).toBe(true);
});
