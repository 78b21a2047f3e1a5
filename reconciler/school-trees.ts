// All texts of a fleet in; for each school the texts that its server would read, out. What all share is sorted out once.
import { scope } from "./desired/paths.ts";
import type { Tree, TreeFile } from "./model/revision.ts";

const OF_ONE_SCHOOL = /^(?:schools|env\/schools|config\/schools)\/([^/]+)/u;

export function schoolTrees(tree: Tree): (host: string) => Tree {
  const shared: (readonly [string, TreeFile])[] = [];
  const own = new Map<string, (readonly [string, TreeFile])[]>();
  for (const entry of tree) {
    const name = OF_ONE_SCHOOL.exec(entry[0])?.[1]?.replace(/\.(?:yaml|env)$/u, "");
    if (name === undefined) shared.push(entry);
    else if (own.has(name)) own.get(name)?.push(entry);
    else own.set(name, [entry]);
  }
  return (host) => {
    const isRead = scope(host);
    return new Map([...shared, ...(own.get(host) ?? [])].filter(([path]) => isRead(path)));
  };
}
