// A path that is not managed and those that are in; the few that may have been meant out.
import { nearest } from "../../common/nearest.ts";

const MOST = 3;

/** The one of the most similar spelling first, then those of the same name, then those in the same folder. */
export function nearestPaths(path: string, managed: readonly string[]): readonly string[] {
  const similar = nearest(path, managed);
  const name = path.slice(path.lastIndexOf("/"));
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const namesakes = managed.filter((each) => each.endsWith(name));
  const neighbours = folder === "/" ? [] : managed.filter((each) => each.startsWith(folder));
  return [...new Set([...(similar === undefined ? [] : [similar]), ...namesakes, ...neighbours])].slice(0, MOST);
}
