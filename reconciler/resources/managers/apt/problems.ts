// The troubles of apt and dpkg as problems: what is wrong and what to do instead. The words given are safe to print.
import type { Problem } from "../../../../common/problem.ts";

/** How `ended` of a program reads. */
export const ENDINGS: Readonly<Record<string, (program: string) => Problem>> = {
  "not-found": (program) => ({
    code: "manager-missing",
    what: `${program} is not installed`,
    hint: "this server has another package manager, or its PATH is not the usual one",
  }),
  timeout: (program) => ({
    code: "manager-timeout",
    what: `${program} was not done in time and was ended`,
    hint: "what it left half done is repaired by the next run; give it more time if the server is slow",
  }),
  aborted: (program) => ({
    code: "manager-aborted",
    what: `${program} was ended, or not started, because the run is out of time`,
    hint: "the next run goes on",
  }),
};

export function unknownPackage(name: string): Problem {
  return {
    code: "unknown-package",
    where: { key: name },
    what: `no repository of this server has a package ${name}`,
    hint: "is the name right for this distribution, and is its repository among the sources of apt?",
  };
}

export function withoutCandidate(name: string): Problem {
  return {
    code: "unknown-package",
    where: { key: name },
    what: `${name} is only a name that other packages mention or provide`,
    hint: `name the package itself: apt-cache showpkg ${name} lists who provides it`,
  };
}

export function noSuchVersion(name: string, version: string): Problem {
  return {
    code: "no-such-version",
    where: { key: name },
    what: `no repository of this server has ${name} in version ${version}`,
    hint: `write one of those that this prints: apt-cache policy ${name}`,
  };
}

export function heldBack(names: readonly string[]): Problem {
  const which = names.join(" ");
  return {
    code: "held-back",
    what: `this server is told to leave these packages at their version: ${which}`,
    hint: `if the hold is not wanted any more: apt-mark unhold ${which}`,
  };
}

export function essential(names: readonly string[]): Problem {
  return {
    code: "essential-package",
    what: `this would take away what the system cannot do without: ${names.join(" ")}`,
    hint: "take the wish out of the desired state; essential packages are never removed",
  };
}

export function unmet(lines: readonly string[]): Problem {
  return {
    code: "broken-dependencies",
    what: `the packages do not fit together: ${lines.filter((line) => line !== "").join("; ")}`,
    hint: "look what it needs: apt-get -s install, apt-cache policy; then put the desired state right",
  };
}

export function interrupted(): Problem {
  return {
    code: "manager-interrupted",
    what: "an earlier work of dpkg was cut off before it was done",
    hint: "it is repaired at the start of a run; by hand: dpkg --configure -a, then apt-get -f install",
  };
}

export function archiveMissing(name: string): Problem {
  return {
    code: "archive-missing",
    where: { key: name },
    what: `${name} was unpacked by half and has to be installed anew, and no repository has it in this version`,
    hint: `give this server a repository that has it, or its archive: apt-get --reinstall install ./${name}_....deb`,
  };
}

export function locked(file?: string, pid?: string, who = "another program"): Problem {
  const process = pid === undefined ? "" : ` (process ${pid})`;
  return {
    code: "manager-locked",
    ...(file !== undefined && { where: { file } }),
    what: `${who}${process} is at work on the packages of this server`,
    hint: "wait until it is done; the next run tries again",
  };
}

export function notPermitted(): Problem {
  return {
    code: "not-permitted",
    what: "this user may not change the packages of this server",
    hint: "run it as root",
  };
}

export function noSpace(where?: string): Problem {
  return {
    code: "no-space",
    ...(where !== undefined && { where: { file: where } }),
    what: "the disk has no room for these packages",
    hint: "make room (df -h; apt-get clean takes away downloaded archives); the next run tries again",
  };
}

export function notFetched(uri: string, why: string): Problem {
  return {
    code: "repository-unreachable",
    what: `${withoutSecrets(uri)} could not be fetched: ${withoutSecrets(why)}`,
    hint: why.startsWith("Hash Sum mismatch")
      ? "the repository was changing, or something on the way changes files; refresh, and try again"
      : "is the link up, and the address in the sources of apt right?",
  };
}

export function missingRelease([repository = "", what = ""]: readonly string[]): readonly Problem[] {
  return [notFetched(repository, what)];
}

export function untrusted([repository = "", why = ""]: readonly string[]): readonly Problem[] {
  return [
    {
      code: "repository-untrusted",
      what: `${withoutSecrets(repository)} is not believed: ${withoutSecrets(why)}`,
      hint: "is the clock right, and the key of the repository in /etc/apt/keyrings or trusted.gpg.d?",
    },
  ];
}

export function unauthenticated(): Problem {
  return {
    code: "repository-untrusted",
    what: "nobody signed for some of these packages",
    hint: "add the key of their repository to /etc/apt/keyrings, and refresh",
  };
}

export function badSources(file?: string): Problem {
  return {
    code: "sources-unreadable",
    ...(file !== undefined && { where: { file } }),
    what: "apt does not understand where its packages come from",
    hint: "put the line right that apt-get update complains of",
  };
}

export function failed(archive: string, step: string, lines: readonly string[]): Problem {
  const name = (archive.split("/").at(-1) ?? "").replace(/_.*$/u, "");
  return {
    code: "package-failed",
    where: { key: name },
    what: `${name} did not work (${step})${lines.length > 0 ? `: ${lines.join("; ")}` : ""}`,
    hint: "look in /var/log/dpkg.log and at what its scripts printed; the package itself may be at fault",
  };
}

export function failedSomehow(names: readonly string[]): Problem {
  return {
    code: "package-failed-somehow",
    what: `dpkg ended with an error${names.length > 0 ? ` at ${names.join(", ")}` : ""}`,
    hint: "look in /var/log/dpkg.log; the next run repairs what is left half done",
  };
}

/** A source of apt may carry a password. */
function withoutSecrets(text: string): string {
  return text.replace(/(?<=:\/\/)[^/\s@]*@/gu, "");
}

export function clash(name: string, what: string): Problem {
  return {
    code: "wishes-clash",
    where: { key: name },
    what: `${name} ${what}`,
    hint: "look which of the packages of the desired state do not go together: apt-cache rdepends, apt-cache show",
  };
}
