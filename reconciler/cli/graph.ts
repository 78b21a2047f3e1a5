// `reconcile graph`: what on this server needs what, in the order in which it is made.
import { graphOf, type Graph } from "../graph.ts";
import { kindOf, nameOf, titleOf, type ResourceId } from "../model/state.ts";
import { shortCommit } from "../report/words.ts";
import type { Ground } from "../ground.ts";
import type { Result } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";
import { lookFor, openForLooking, openMirrorForLooking } from "./look.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

/** Resolves with the exit code: 0 told, 1 not to be told. */
export async function graph(options: CommonOptions): Promise<number> {
  const ground = await openForLooking(options.config);
  const found = ground.ok ? await lookFor(() => find(ground.value)) : ground;
  if (!found.ok) {
    sayProblems(found.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson(graphToJson(found.value));
  else say(describeGraph(found.value).join("\n"));
  return EXIT.settled;
}

async function find(ground: Ground): Promise<Result<Graph>> {
  const mirror = await openMirrorForLooking(ground);
  return mirror.ok ? graphOf(ground, mirror.value) : mirror;
}

function describeGraph({ revision, resources }: Graph): readonly string[] {
  return [
    `${shortCommit(revision)} "${printable(revision.subject)}"`,
    ...resources.flatMap(({ id, needs }) => [title(id), ...needs.map((need) => `  needs ${title(need)}`)]),
  ];
}

function title(id: ResourceId): string {
  return printable(titleOf(id));
}

/** docs/json/graph.schema.json describes every member. */
function graphToJson({ revision, resources }: Graph) {
  const named = (id: ResourceId) => ({ kind: kindOf(id), name: nameOf(id) });
  const rows = resources.map(({ id, needs }) => ({ ...named(id), needs: needs.map(named) }));
  return { version: 1, kind: "graph", revision, resources: rows } as const;
}
