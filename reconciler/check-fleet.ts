// All texts of a fleet and the templates in; every school rendered, and all problems of all of them, out. No server needed.
import type { Accounts } from "./accounts.ts";
import { heavyData } from "./desired/heavy-data.ts";
import { parseFleet, type Fleet } from "./desired/parse.ts";
import { select } from "./desired/select.ts";
import { titleOf, type ResourceId } from "./model/state.ts";
import type { Tree } from "./model/revision.ts";
import { circles } from "./plan/graph.ts";
import { render, type RenderInput } from "./render/render.ts";
import type { Rendered } from "./render/rendered.ts";
import { schoolTrees } from "./school-trees.ts";
import { namesIn } from "./desired/paths.ts";
import { succeed, type Problem, type Result } from "../common/problem.ts";

export interface CheckedSchool {
  readonly host: string;
  readonly ok: boolean;
  readonly groups: readonly string[];
  /** Wanted files, links and directories that were asked for; 0 when it could not be rendered. */
  readonly files: number;
  readonly healthChecks: number;
}

/** A problem and every school that has it; none for a problem of the repository as a whole. */
export interface SharedProblem {
  readonly problem: Problem;
  readonly schools: readonly string[];
}

export interface CheckedFleet {
  readonly schools: readonly CheckedSchool[];
  readonly problems: readonly SharedProblem[];
  /** What is only told. */
  readonly notices: readonly SharedProblem[];
}

export function checkFleet(tree: Tree, templates: RenderInput["templates"]): CheckedFleet {
  const { fleet, problems } = parseWhatCanBe(tree);
  const found = collect(problems);
  const noticed = collect([]);
  const treeOf = schoolTrees(tree);
  const schools = namesIn("schools", tree.keys()).map((host): CheckedSchool => {
    const groups = fleet?.schools.get(host)?.says.groups ?? [];
    const rendered = fleet?.schools.has(host) === true ? renderSchool(fleet, host, treeOf(host), templates) : undefined;
    if (rendered?.ok === false) for (const problem of rendered.problems) found.add(problem, host);
    if (!rendered?.ok) return { host, ok: false, groups, files: 0, healthChecks: 0 };
    for (const notice of rendered.value.notices) noticed.add(notice, host);
    for (const circle of circles(rendered.value.target)) found.add(inACircle(circle), host);
    return { host, ok: true, groups, ...count(rendered.value) };
  });
  return { schools, problems: found.all(), notices: noticed.all() };
}

/**
 * A school or group with a mistake does not keep the others from being looked at: its file is left out, and so, in the
 * next round, are the schools that name it. Told is only what was found in the first round.
 */
function parseWhatCanBe(tree: Tree): { fleet?: Fleet; problems: readonly Problem[] } {
  const first = parseFleet(tree);
  if (first.ok) return { fleet: first.value, problems: [] };
  let faults: readonly Problem[] = first.problems;
  for (let rest = new Map(tree); faults.length > 0;) {
    const faulty = faults.flatMap(({ where }) => where?.file ?? []).filter((file) => LEFT_OUT.test(file));
    const left = faulty.filter((file) => rest.delete(file));
    if (left.length === 0) break;
    const again = parseFleet(rest);
    if (again.ok) return { fleet: again.value, problems: first.problems };
    faults = again.problems;
  }
  return { problems: first.problems };
}

const LEFT_OUT = /^(?:groups|schools)\//u;

function renderSchool(fleet: Fleet, host: string, tree: Tree, templates: RenderInput["templates"]): Result<Rendered> {
  const desired = select(fleet, host);
  if (!desired.ok) return desired;
  const rendered = render({
    desired: desired.value,
    tree,
    templates,
    accounts: ANYBODY,
    family: "debian",
    privileged: true,
    key: "",
  });
  if (!rendered.ok) return rendered;
  return succeed({ ...rendered.value, notices: [...rendered.value.notices, ...heavyData(desired.value, tree)] });
}

function inACircle(ids: readonly ResourceId[]): Problem {
  const [first] = ids;
  const titles = [...ids, ...(first === undefined ? [] : [first])].map((id) => titleOf(id));
  return {
    code: "circle",
    what: `these need one another, so there is no way to begin: ${titles.join(" needs ")}`,
    hint: "take one of these needs away",
  };
}

/** At a desk the users of a server are not known, so every name that could be one will do. */
class AnyName extends Map<string, number> {
  override get(name: string): number | undefined {
    return /^[a-z_][a-z0-9_-]{0,31}\$?$/u.test(name) ? 0 : undefined;
  }
}

const ANYBODY: Accounts = { users: new AnyName(), groups: new AnyName(), digest: "" };

function count({ target }: Rendered): Pick<CheckedSchool, "files" | "healthChecks"> {
  const asked = [...target.wanted.values()].filter(
    ({ implied, state }) => implied === undefined && state.type !== "absent",
  );
  return { files: asked.length, healthChecks: target.health.length };
}

/** The same problem of a thousand schools is one. */
function collect(problems: readonly Problem[]) {
  const shared = new Map<string, { problem: Problem; schools: string[] }>();
  const add = (problem: Problem, ...schools: string[]): void => {
    const { code, where, what, hint } = problem;
    const key = JSON.stringify([code, where?.file, where?.line, where?.column, where?.key, what, hint]);
    const known = shared.get(key);
    if (known === undefined) shared.set(key, { problem, schools });
    else known.schools.push(...schools);
  };
  for (const problem of problems) add(problem);
  return { add, all: (): readonly SharedProblem[] => [...shared.values()] };
}
