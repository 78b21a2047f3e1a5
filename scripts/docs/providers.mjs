// Every service that mace knows in, docs/providers.md out: six fields a service, as its first manual had them, and where
// they were read.
import { code, generated, table } from "./markdown.mjs";
import { SOURCES } from "./sources.mjs";

export function providersPage(providers, families) {
  return (
    [
      generated("mace/services/ and scripts/docs/sources.mjs"),
      "# Services that mace knows",
      "Each has seven fields. Where *Replaces* is empty, configuration by mace and other configuration live side by side.",
      table(["field", "meaning"], FIELDS),
      "Paths that differ are given for each family of distributions; a family that is left out is one where mace does not know the file.",
      "A source is cited as it was when it was read. Debian's are those of Debian 12, where the tests run; Red Hat's are Fedora's. Some of Arch's and Alpine's are of older versions than those in use, Arch's of 2023 at the latest. What is *not confirmed* comes from experience: look before you rely on it.",
      ...providers.map((provider) => section(provider, families)),
    ].join("\n\n") + "\n"
  );
}

const FIELDS = [
  ["Service", "name of the service directory, with its `.d`"],
  ["Confiles", "directories below it, one for each of its files; where there are none, pieces lie directly in it"],
  ["Variables", "variables that pieces may use"],
  ["Replaces", "files of the final system that mace takes over"],
  ["Removes", "files of the final system that mace takes away; they are kept under `/var/lib/mace/kept`"],
  ["New", "files of the final system that appear after applying"],
  ["Sources", "packages of the distributions in which paths, units and users were read, and what they did not tell"],
];

function section(provider, families) {
  const rows = [
    ["Service", code(`${provider.service}.d`)],
    ["Confiles", confilesOf(provider)],
    ["Variables", variablesOf(provider, families)],
    ["Replaces", perFamily(provider.replaces, families, list)],
    ["Removes", perFamily(provider.removes, families, list)],
    ["New", perFamily(newFiles(provider, families), families, list)],
    ["Sources", sourcesOf(provider, families)],
  ];
  return `## ${provider.service}\n\n${capital(provider.about)}.\n\n${table(["field", "here"], rows)}`;
}

function confilesOf({ confiles }) {
  const names = Object.keys(confiles).filter((name) => name !== "");
  return names.length === 0 ? "none" : names.map((name) => code(withMark(name, confiles[name]))).join(", ");
}

function withMark(name, { paths }) {
  return `${name}/${Object.values(paths).some((path) => path.includes("{name}")) ? "<name>/" : ""}`;
}

function variablesOf({ variables = {} }, families) {
  const names = [...new Set(families.flatMap((family) => Object.keys(variables[family] ?? {})))];
  return names
    .map((name) => {
      const values = Object.fromEntries(families.map((family) => [family, variables[family]?.[name]]));
      return `${code(`@${name}@`)}: ${perFamily(values, families, code)}`;
    })
    .join("<br>");
}

function newFiles({ confiles, replaces }, families) {
  const added = (family) => {
    const paths = Object.values(confiles).flatMap(({ paths }) => paths[family] ?? []);
    return paths
      .filter((path) => !(replaces[family] ?? []).includes(path))
      .map((path) => path.replace(/\{(\w+)\}/, "<$1>"));
  };
  return Object.fromEntries(families.map((family) => [family, added(family)]));
}

/** A family that mace knows the service on and for which nothing is cited is not confirmed. */
function sourcesOf({ service, packages, confiles }, families) {
  const brings = [packages, ...Object.values(confiles).map((confile) => confile.packages ?? {})];
  const said = families.flatMap((family) => {
    const cited = SOURCES[service]?.[family];
    if (cited !== undefined) return `${family}: ${citation(cited)}`;
    return brings.some((names) => (names[family] ?? []).length > 0) ? `${family}: not confirmed` : [];
  });
  return said.length === 0 ? "none: no distribution brings it" : said.join("<br>");
}

function citation({ sources, open, lacks }) {
  const links = sources.map(({ text, address }) => `[${text}](${address})`).join(", ");
  return [links, lacks && `does not have ${lacks}`, open && `not confirmed: ${open}`].filter(Boolean).join("; ");
}

/** One value where all families agree, else each value with the families that have it. */
function perFamily(values, families, shown) {
  const groups = new Map();
  for (const family of families) {
    const text = values[family] === undefined ? "" : shown(values[family]);
    if (text !== "") groups.set(text, [...(groups.get(text) ?? []), family]);
  }
  if (groups.size === 1 && [...groups.values()][0].length === families.length) return [...groups.keys()][0];
  if (groups.size === 0) return "none";
  return [...groups].map(([text, names]) => `${names.join(", ")}: ${text}`).join("<br>");
}

function list(paths) {
  return paths.map(code).join(", ");
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
