// What apt and dpkg complain of, line by line, and what that means for a person.
import type { Problem } from "../../../../common/problem.ts";
import * as problems from "./problems.ts";

/** Words that the pattern caught, and how to ask for the indented lines below a heading; already safe to print. */
type Tell = (words: readonly string[], below: (heading: string) => readonly string[]) => readonly Problem[];

export const RULES: readonly (readonly [RegExp, Tell])[] = [
  [/^E: Unable to locate package (\S+)$/u, ([name = ""]) => [problems.unknownPackage(name)]],
  [/^E: Package '?([^\s']+)'? has no installation candidate$/u, ([name = ""]) => [problems.withoutCandidate(name)]],
  [
    /^E: Version '([^']+)' for '([^']+)' was not found$/u,
    ([version = "", name = ""]) => [problems.noSuchVersion(name, version)],
  ],
  [
    /^E: Held packages were changed/u,
    (_, below) => [problems.heldBack(below("The following held packages will be changed:"))],
  ],
  [/^E: Essential packages were removed/u, (_, below) => [problems.essential(below("This should NOT be done unless"))]],
  [
    /^The following packages have unmet dependencies:$/u,
    (_, below) => [problems.unmet(below("The following packages have unmet"))],
  ],
  [/^E: Unable to satisfy dependencies/u, (_, below) => [problems.unmet(below("E: Unable to satisfy dependencies"))]],
  [/^E: dpkg was interrupted/u, () => [problems.interrupted()]],
  [/^E: The package (\S+) needs to be reinstalled/u, ([name = ""]) => [problems.archiveMissing(name)]],
  [
    /^E: Could not get lock (\S+?)\. It is held by process (\d+) \((.+)\)/u,
    ([file, pid, who]) => [problems.locked(file, pid, who)],
  ],
  [/^E: Could not get lock (\S+) - open \(11/u, ([file]) => [problems.locked(file)]],
  [/^dpkg: error: .*lock.* was locked by .*with pid (\d+)/u, ([pid]) => [problems.locked(undefined, pid)]],
  [/(are you root\?|requires? superuser privilege)/u, () => [problems.notPermitted()]],
  [/^E: You don't have enough free space in (\S+?)\.?$/u, ([where]) => [problems.noSpace(where)]],
  [/No space left on device/u, () => [problems.noSpace()]],
  [/^[EW]: Failed to fetch (\S+)\s+(.*)$/u, ([uri = "", why = ""]) => [problems.notFetched(uri, why)]],
  [
    /^[EW]: The repository '(.+?)'? (does not have a Release file|no longer has a Release file)/u,
    problems.missingRelease,
  ],
  [/^[EW]: (?:GPG error|An error occurred during the signature verification).*?(\w+:\S+) (.*)$/u, problems.untrusted],
  [/^E: (?:The r|R)epository '(\S+).*' (is not signed|changed its .*?)\.?$/u, problems.untrusted],
  [/^E: Release file for (\S+) (is .*?)\.?$/u, problems.untrusted],
  [/^E: There were unauthenticated packages/u, () => [problems.unauthenticated()]],
  [
    /^E: (?:Type .* is not known on line|Malformed (?:entry|line)|The list of sources) .*?(\/\S+)/u,
    ([file]) => [problems.badSources(file)],
  ],
  [
    /^dpkg: error processing (package|archive) (\S+) \((.+)\):$/u,
    ([kind = "", name = "", step = ""], below) => [
      problems.failed(name, step, below(`dpkg: error processing ${kind} ${name} (`)),
    ],
  ],
  [
    /^E: Sub-process \S+ returned an error code|^E: Sub-process \S+ received signal/u,
    (_, below) => [problems.failedSomehow(below("Errors were encountered while processing:"))],
  ],
];
