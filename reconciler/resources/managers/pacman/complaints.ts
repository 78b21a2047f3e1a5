// What pacman answered when something did not work in, the problems for a person out.
import type { Problem } from "../../../../common/problem.ts";
import { printable, printableLines } from "../../../../common/printable.ts";
import type { CommandResult } from "../../../machine/machine.ts";

const LONGEST = 1500;

type Tell = (found: readonly string[]) => Problem;

/** The groups of a pattern go to the words, safe to print. */
const RULES: readonly (readonly [pattern: RegExp, tell: Tell])[] = [
  [/could not lock database|unable to lock database/u, () => managerLocked("another program")],
  [/target not found: ([^\s<>=]+)$/u, ([name = ""]) => unknownPackage(name)],
  [/target not found: ([^\s<>=]+)([<>=]+\S+)/u, ([name = "", version = ""]) => noSuchVersion(name, version)],
  [
    /(unable to satisfy dependency '.+' required by \S+|(?:removing|installing) \S+ .*breaks dependency .+)$/u,
    ([what = ""]) => brokenDependencies(what),
  ],
  [/(\S+) and (\S+) are in conflict/u, ([one = "", other = ""]) => clash(one, other)],
  [
    /(\S+): (\S+) exists in filesystem(?: \(owned by (\S+)\))?/u,
    ([name = "", file, owner]) => inTheWay(name, file, owner),
  ],
  [
    /failed retrieving file '(.+)' from (\S+) : (.*)$/u,
    ([file, host, why]) => unreachable(`${file} from ${host}: ${why}`),
  ],
  [/failed to synchronize all databases \((?!unable to lock)(.+)\)/u, ([why = ""]) => unreachable(why)],
  [/could not extract (\S+) \(Write failed\)/u, ([file]) => noSpace(file)],
  [/Partition (\S+) too full|not enough free disk space|No space left on device/u, ([file]) => noSpace(file)],
  [
    /(\S+): (?:signature from .+|key .+ is unknown|.*invalid or corrupted package.*PGP.*)/u,
    ([name = ""]) => untrusted(name),
  ],
  [/(\S+) is designated as a HoldPkg/u, ([name = ""]) => essential(name)],
  [/unless you are root/u, () => notPermitted()],
];

/** Never empty: call it when the answer was not the one hoped for. */
export function complaints(result: CommandResult): readonly Problem[] {
  if (result.ended === "not-found") return [missing()];
  if (result.ended === "aborted") return [noTime()];
  const lines = `${result.stderr}\n${result.stdout.toString()}`.split("\n");
  const told = lines.flatMap((line) => {
    const rule = RULES.find(([pattern]) => pattern.test(line));
    return rule === undefined ? [] : [rule[1]((rule[0].exec(line) ?? []).slice(1).map(printableIfAny))];
  });
  const distinct = [...new Map(told.map((problem) => [problem.code + problem.what, problem])).values()];
  return distinct.length > 0 ? withoutEchoes(distinct) : [failed(result)];
}

function printableIfAny(text: string | undefined): string {
  return printable(text ?? "");
}

/** That no list could be had says less than which file it was. */
function withoutEchoes(problems: readonly Problem[]): readonly Problem[] {
  const named = problems.filter(({ code, what }) => code === "repository-unreachable" && what.includes(" from "));
  return named.length === 0 ? problems : problems.filter(({ code }) => code !== "repository-unreachable").concat(named);
}

export function managerLocked(who: string): Problem {
  return {
    code: "manager-locked",
    what: `${printable(who)} is at work on the packages of this server`,
    hint: "wait until it is done; the next run tries again",
  };
}

function unknownPackage(name: string): Problem {
  return {
    code: "unknown-package",
    where: { key: name },
    what: `no repository of this server has a package ${name}`,
    hint: "is the name right for this distribution, and is its repository in /etc/pacman.conf?",
  };
}

function noSuchVersion(name: string, version: string): Problem {
  return {
    code: "no-such-version",
    where: { key: name },
    what: `no repository of this server has ${name}${version}`,
    hint: `write the version that this prints: pacman -Si ${name}; Arch keeps only the newest`,
  };
}

function brokenDependencies(what: string): Problem {
  return {
    code: "broken-dependencies",
    what: `the packages do not fit together: ${what}`,
    hint: "look what it needs: pacman -Si; then put the desired state right",
  };
}

export function clash(one: string, other: string): Problem {
  return {
    code: "wishes-clash",
    where: { key: one },
    what: `${one} and ${other} cannot be installed together`,
    hint: `want only one of them, and say that the other is absent`,
  };
}

function inTheWay(name: string, file = "", owner = ""): Problem {
  return {
    code: "file-in-the-way",
    where: { file },
    what: `${name} brings this file, and it is there already${owner === "" ? "" : `, from ${owner}`}`,
    hint: "move it away; the next run tries again",
  };
}

function unreachable(what: string): Problem {
  return {
    code: "repository-unreachable",
    what: `could not be fetched: ${what}`,
    hint: "is the link up, and the server in /etc/pacman.d/mirrorlist right?",
  };
}

function noSpace(file = ""): Problem {
  return {
    code: "no-space",
    ...(file === "" ? {} : { where: { file } }),
    what: "the disk has no room for these packages",
    hint: "make room (df -h; pacman -Sc takes away old archives); the next run tries again",
  };
}

function untrusted(name: string): Problem {
  return {
    code: "repository-untrusted",
    where: { key: name },
    what: `nobody whom this server trusts signed ${name}`,
    hint: "is the clock right, and the keyring of the distribution new enough (archlinux-keyring)?",
  };
}

function essential(name: string): Problem {
  return {
    code: "essential-package",
    where: { key: name },
    what: `${name} is one that this server cannot do without (HoldPkg in /etc/pacman.conf)`,
    hint: "take the wish out of the desired state; such packages are never removed",
  };
}

function notPermitted(): Problem {
  return {
    code: "not-permitted",
    what: "this user may not change the packages of this server",
    hint: "run it as root",
  };
}

function missing(): Problem {
  return {
    code: "manager-missing",
    what: "pacman is not installed",
    hint: "this server has another package manager, or its PATH is not the usual one",
  };
}

export function noTime(): Problem {
  return {
    code: "manager-aborted",
    what: "the run has no time left to begin with pacman",
    hint: "nothing was changed; the next run goes on",
  };
}

function failed({ code, ended, stdout, stderr }: CommandResult): Problem {
  const words = stderr.trim() === "" ? stdout.toString() : stderr;
  return {
    code: "manager-failed",
    what: `pacman ended with ${ended ?? code ?? "nothing"}: ${printableLines(words.trim()).slice(-LONGEST)}`,
    hint: "look in /var/log/pacman.log, and try the same by hand",
  };
}
