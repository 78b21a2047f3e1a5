// Accounts, packages, data and services of a fleet in; what is wanted of them on this family, and what needs what, out.
import { describe, expect, test } from "@jest/globals";
import { readHost } from "../../../reconciler/desired/select.ts";
import type { Family } from "../../../mace/model.ts";
import type { Tree } from "../../../reconciler/model/revision.ts";
import type { ResourceId } from "../../../reconciler/model/state.ts";
import type { Wanted } from "../../../reconciler/model/target.ts";
import { render } from "../../../reconciler/render/render.ts";

const ACCOUNTS = { users: new Map([["root", 0]]), groups: new Map([["root", 0]]), digest: "" };
const TEMPLATES = { name: "templates", files: new Map<string, Buffer>() };
const HASH = "ab".repeat(32);

function wanted(texts: Readonly<Record<string, string>>, family: Family = "debian"): ReadonlyMap<ResourceId, Wanted> {
  const all = { "fleet.yaml": "{}\n", "schools/escuela-12.yaml": "{}\n", ...texts };
  const tree: Tree = new Map(
    Object.entries(all).map(([path, text]) => [path, { path, oid: path, bytes: Buffer.from(text) }]),
  );
  const desired = readHost(tree, "escuela-12");
  if (!desired.ok) throw new Error(JSON.stringify(desired.problems));
  const given = { templates: TEMPLATES, accounts: ACCOUNTS, family, privileged: true, key: "key" };
  const rendered = render({ desired: desired.value, tree, ...given });
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
  return rendered.value.target.wanted;
}

describe("accounts", () => {
  const fleet = `
accounts:
  users:
    kiwix: {group: kiwix}
    reader: {id: 310, group: kiwix}
  groups:
    kiwix: {}
files:
  /srv/books: {directory: true, owner: kiwix, group: kiwix}
`;

  test("have a number before anything is given to them, the same every time", () => {
    const [first, second] = [wanted({ "fleet.yaml": fleet }), wanted({ "fleet.yaml": fleet })];
    const user = first.get("user:kiwix")?.state;
    expect(user).toEqual(second.get("user:kiwix")?.state);
    const uid = user?.type === "user" ? user.uid : undefined;
    expect(uid).toBeGreaterThanOrEqual(100);
    expect(uid).toBeLessThan(1000);
    expect(first.get("user:reader")?.state).toMatchObject({ uid: 310, group: "kiwix" });
    expect(first.get("file:/srv/books")?.state).toMatchObject({ uid });
  });

  test("are needed by what belongs to them, and users by their group", () => {
    const all = wanted({ "fleet.yaml": fleet });
    expect(all.get("user:kiwix")?.needs).toEqual(["group:kiwix"]);
    expect(all.get("file:/srv/books")?.needs).toEqual(["user:kiwix", "group:kiwix"]);
    expect(all.get("file:/srv")?.needs).toBe(undefined);
  });
});

describe("packages", () => {
  const fleet = `
packages:
  web: {names: {debian: nginx, redhat: nginx-core, alpine: null}}
  squid: {minimum: "5.0", held: true}
  telnet: absent
`;

  test("have the name that this family gives them", () => {
    const ids = (family: Family) => [...wanted({ "fleet.yaml": fleet }, family).keys()].sort();
    expect(ids("debian")).toEqual(["package:nginx", "package:squid", "package:telnet"]);
    expect(ids("redhat")).toEqual(["package:nginx-core", "package:squid", "package:telnet"]);
    expect(ids("alpine")).toEqual(["package:squid", "package:telnet"]);
  });

  test("are wanted in words of states", () => {
    const all = wanted({ "fleet.yaml": fleet });
    expect(all.get("package:squid")?.state).toMatchObject({ type: "installed", minimum: "5.0", held: true });
    expect(all.get("package:telnet")?.state).toEqual({ type: "absent" });
  });
});

describe("services", () => {
  const piece = { "config/fleet/nginx.d/10-page.conf": "# nothing\n" };

  test("that read what mace makes are renewed, whether anybody asks for them or not", () => {
    const service = wanted(piece).get("service:nginx");
    expect(service).toMatchObject({
      state: { type: "service" },
      implied: true,
      running: { reads: ["/etc/nginx/conf.d/school.conf"], packages: ["nginx"], renew: "restart" },
    });
  });

  test("wait for their packages, and for the files and data that they read", () => {
    const all = wanted({
      ...piece,
      "data/lists/blocked.txt": "example.org\n",
      "fleet.yaml": `
packages: {nginx: present}
services: {nginx: {running: true, reads: [/srv/lists/]}}
data: {/srv/lists: {copy: data/lists}}
`,
    });
    const service = all.get("service:nginx");
    expect(service?.implied).toBe(undefined);
    expect(service?.needs).toEqual(["package:nginx", "file:/etc/nginx/conf.d/school.conf", "data:/srv/lists"]);
    // A reload of nginx hides that it did not work; mace knows that, and the fleet need not.
    expect(service?.running?.renew).toBe("restart");
  });
});

describe("data", () => {
  const texts = {
    "data/library/index.html": "<h1>books</h1>\n",
    "data/library/a/b.txt": "one\n",
    "data/list.txt": "two\n",
    "fleet.yaml": `
data:
  /srv/library: {copy: data/library, mode: "0750"}
  /srv/list.txt: {copy: data/list.txt}
  /srv/blocked.txt: {http: "https://mothership.example/blocked.txt", sha256: ${HASH}}
  /srv/encyclopedia: {rsync: "rsync://mothership.example/encyclopedia", max_age_h: 48}
`,
  };

  test("of the repository is listed, with the folders that hold it", () => {
    const library = wanted(texts).get("data:/srv/library");
    const { source } = library?.supply ?? {};
    expect(library?.state).toMatchObject({ type: "data", shape: "tree", size: 19, mode: 0o750 });
    expect(source?.type === "repository" ? source.listing.map(({ path, type }) => `${path} ${type}`) : []).toEqual([
      "a directory",
      "a/b.txt regular",
      "index.html regular",
    ]);
    expect(wanted(texts).get("data:/srv/list.txt")?.state).toMatchObject({ shape: "file", size: 4 });
  });

  test("from elsewhere has the digest that somebody declared, or the one that its source will tell", () => {
    const all = wanted(texts);
    expect(all.get("data:/srv/blocked.txt")?.state).toMatchObject({ shape: "file", digest: HASH });
    expect(all.get("data:/srv/encyclopedia")).toMatchObject({
      state: { shape: "tree", digest: "" },
      supply: { maxAgeMs: 48 * 3600 * 1000 },
    });
  });
});
