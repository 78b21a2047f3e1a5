// Archives of apk: fetched beforehand where there is a cache for them, and one of an old version for a way back.
import type { Problem } from "../../../../common/problem.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { ManagerOptions, PackageAction } from "../manager.ts";
import { runApk } from "./call.ts";
import { complaints } from "./complaints.ts";
import { badActions } from "./words.ts";

const CACHE = "/etc/apk/cache";
/** What setup-apkcache makes it lead to. */
const CACHE_FOLDER = "/var/cache/apk";

/** Without a cache they come when they are installed, and not before. */
export async function download(
  machine: Machine,
  actions: readonly PackageAction[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const targets = actions.flatMap(({ name, to }) => (to === undefined ? [] : [`${name}=${to}`]));
  const bad = badActions(actions);
  if (bad.length > 0 || targets.length === 0 || machine.files.stat(CACHE) === undefined) return bad;
  const result = await runApk(machine, options, "cache", "download", "--", ...targets);
  return result.code === 0 ? [] : complaints(result);
}

export async function secure(
  machine: Machine,
  { name, version }: { readonly name: string; readonly version: string },
  store: string,
  options: ManagerOptions,
): Promise<string | undefined> {
  if (badActions([{ name, from: version }]).length > 0) return undefined;
  const file = `${name}-${version}.apk`;
  const cached = cachedArchive(machine, name, version);
  const result =
    cached === undefined
      ? await runApk(machine, options, "fetch", "--output", store, "--", `${name}=${version}`)
      : await machine.run(["cp", "--", cached, `${store}/${file}`], { timeoutMs: options.timeoutMs });
  return result.code === 0 ? file : undefined;
}

/** `hello-1.0-r0.1a2b3c4d.apk` */
function cachedArchive(machine: Machine, name: string, version: string): string | undefined {
  const { files } = machine;
  if (files.stat(CACHE) === undefined || files.stat(CACHE_FOLDER)?.type !== "directory") return undefined;
  const start = `${name}-${version}.`;
  const file = files.list(CACHE_FOLDER).find((each) => each.startsWith(start) && each.endsWith(".apk"));
  return file === undefined ? undefined : machine.hostPath(`${CACHE_FOLDER}/${file}`);
}
