// One service whose keys and values have the right form in; what its parts say against one another, out.
import type { Problem, Where } from "../common/problem.ts";
import type { Confile, Provider } from "./services/provider.ts";

type Place = (keys: readonly string[]) => Where;

/**
 * A path that leads nowhere else than it says, or a name that is looked up where programs of the system lie. A program
 * may lie in a directory for its version, as PostgreSQL's do.
 */
const PROGRAM = /^(?:[A-Za-z0-9_][A-Za-z0-9_.+-]*|(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9_.+-]+|\/\{name\})+)$/;

/** `service` is the name that the file promises; `place` says where keys stand. */
export function faultsInProvider(provider: Provider, service: string, place: Place): Problem[] {
  const problems: Problem[] = [];
  const names = Object.keys(provider.confiles);
  if (provider.service !== service) {
    const what = `the file is called ${service}, and the service ${provider.service}`;
    problems.push({ code: "bad-name", where: place(["service"]), what, hint: "give both one name" });
  }
  if (names.includes("") && names.length > 1) {
    const what = "has a single file and others beside it";
    const hint = 'give the file called "" a name of its own';
    problems.push({ code: "two-layouts", where: place(["confiles", ""]), what, hint });
  }
  for (const [name, confile] of Object.entries(provider.confiles)) {
    problems.push(...faultsInConfile(confile, (...keys) => place(["confiles", name, ...keys])));
  }
  return problems;
}

function faultsInConfile(confile: Confile, place: (...keys: readonly string[]) => Where): Problem[] {
  return [
    ...faultsOfPaths(confile, place),
    ...faultsOfCheck(confile, place),
    ...(confile.checkRefuses ?? []).flatMap((pattern, at) =>
      faultsOfPattern(pattern, place("checkRefuses", String(at))),
    ),
    ...faultsOfBlock(confile, place),
  ];
}

function faultsOfPaths({ paths }: Confile, place: (...keys: readonly string[]) => Where): Problem[] {
  return Object.entries(paths).flatMap(([family, path]): Problem[] => {
    const marks = path.match(/\{[^}]*\}?/g) ?? [];
    const isGood = marks.length === 0 || (marks.length === 1 && ["{name}", "{path}"].includes(marks[0]));
    if (isGood) return [];
    const hint = "at most one of {name} and {path} can be used";
    return [{ code: "wrong-form", where: place("paths", family), what: `has ${marks.join(" and ")} in it`, hint }];
  });
}

function faultsOfCheck(confile: Confile, place: (...keys: readonly string[]) => Where): Problem[] {
  const { check, checkMain } = confile;
  const problems: Problem[] = [];
  const refused = (keys: readonly string[], what: string, hint: string): void =>
    void problems.push({ code: "bad-check", where: place(...keys), what, hint });
  if (check === undefined) {
    for (const key of ["checkNeeds", "checkMain", "checkProgram", "checkRefuses"] as const) {
      if (confile[key] !== undefined) refused([key], "says how to check, but there is no `check`", "add check: [...]");
    }
    return problems;
  }
  if (!PROGRAM.test(check[0] ?? ""))
    refused(["check", "0"], "is not a program", "write a bare name or an absolute path");
  const [asksFile, asksMain] = ["{file}", "{main}"].map((word) => check.some((one) => one.includes(word)));
  if (!asksFile && !asksMain) refused(["check"], "does not read the file", "put {file} where its path belongs");
  if (asksMain && checkMain === undefined)
    refused(["check"], "has {main}, but there is no checkMain", "write checkMain");
  if (!asksMain && checkMain !== undefined) refused(["checkMain"], "is not used", "put {main} into `check`");
  for (const [family, text] of Object.entries(checkMain ?? {})) {
    if (!text.includes("{file}")) refused(["checkMain", family], "does not include {file}", "include it");
  }
  return problems;
}

function faultsOfPattern(pattern: string, where: Where): Problem[] {
  try {
    new RegExp(pattern, "u");
    return [];
  } catch {
    const hint = "write it as JavaScript does, with a backslash before a character that is meant as it stands";
    return [{ code: "wrong-form", where, what: "is not a regular expression", hint }];
  }
}

function faultsOfBlock({ join, block }: Confile, place: (...keys: readonly string[]) => Where): Problem[] {
  if ((join === "block") === (block !== undefined)) return [];
  const [key, what] = block === undefined ? ["join", "is block, but there is no `block`"] : ["block", "is not used"];
  return [{ code: "wrong-form", where: place(key), what, hint: 'write `join: block` and `block: ["name {", "};"]`' }];
}
