// What apk answered when something did not work in, the problems for a person out.
import type { Problem } from "../../../../common/problem.ts";
import { printable, printableLines } from "../../../../common/printable.ts";
import type { CommandResult } from "../../../machine/machine.ts";

const LONGEST = 1500;

type Words = Pick<Problem, "code" | "hint"> & { readonly what: (found: string) => string };

const RULES: readonly (readonly [pattern: RegExp, words: Words])[] = [
  [
    /Unable to lock database: (?!Permission)/u,
    {
      code: "manager-locked",
      what: () => "another program is at work on the packages of this server",
      hint: "wait until it is done; the next run tries again",
    },
  ],
  [
    /^ +(\S+) \(no such package\)/u,
    {
      code: "unknown-package",
      what: (name) => `no repository of this server has a package ${name}`,
      hint: "is the name right for Alpine, and is its repository in /etc/apk/repositories?",
    },
  ],
  [
    /^ +((?:breaks|conflicts|required by): .+)$/u,
    {
      code: "broken-dependencies",
      what: (why) => `the packages do not fit together: ${why}`,
      hint: "look what it needs: apk info -R; what is offered: apk policy; then put the desired state right",
    },
  ],
  [
    /^(?:WARNING|ERROR): (?:Ignoring |updating and opening |opening |updating |fetching )?(\S+: (?:temporary error|network|DNS|could not connect|connection|remote server|HTTP).*)$/iu,
    {
      code: "repository-unreachable",
      what: (which) => `could not be fetched: ${which}`,
      hint: "is the link up, and the address in /etc/apk/repositories right?",
    },
  ],
  [
    /(\S+: (?:UNTRUSTED signature|BAD signature).*)$/u,
    {
      code: "repository-untrusted",
      what: (which) => `is not believed: ${which}`,
      hint: "is the clock right, and the key of the repository in /etc/apk/keys?",
    },
  ],
  [
    /No space left on device/u,
    {
      code: "no-space",
      what: () => "the disk has no room for these packages",
      hint: "make room (df -h; apk cache clean); the next run tries again",
    },
  ],
  [
    /Permission denied/u,
    {
      code: "not-permitted",
      what: () => "this user may not change the packages of this server",
      hint: "run it as root",
    },
  ],
];

/** Never empty: call it when the answer was not the one hoped for. */
export function complaints(result: CommandResult): readonly Problem[] {
  if (result.ended === "not-found") return [{ code: "manager-missing", what: "apk is not installed" }];
  if (result.ended === "aborted") return [noTime()];
  const lines = `${result.stderr}\n${result.stdout.toString()}`.split("\n");
  const told = lines.flatMap((line) => {
    const [pattern, words] = RULES.find(([each]) => each.test(line)) ?? [];
    if (pattern === undefined || words === undefined) return [];
    return [{ ...words, what: words.what(withoutSecrets(printable(pattern.exec(line)?.[1] ?? ""))) }];
  });
  const distinct = [...new Map(told.map((problem) => [problem.code + problem.what, problem])).values()];
  const missing = distinct.filter(({ code }) => code === "unknown-package");
  // Who asked for a package that is not there is no news.
  if (missing.length > 0) return missing;
  return distinct.length > 0 ? distinct : [failed(result)];
}

function noTime(): Problem {
  return {
    code: "manager-aborted",
    what: "the run has no time left to begin with apk",
    hint: "nothing was changed; the next run goes on",
  };
}

/** An address of a repository may carry a password. */
function withoutSecrets(text: string): string {
  return text.replace(/(?<=:\/\/)[^/\s@]*@/gu, "");
}

function failed({ code, ended, stdout, stderr }: CommandResult): Problem {
  const words = stderr.trim() === "" ? stdout.toString() : stderr;
  return {
    code: "manager-failed",
    what: `apk ended with ${ended ?? code ?? "nothing"}: ${withoutSecrets(printableLines(words.trim())).slice(-LONGEST)}`,
    hint: "try the same by hand: apk fix, apk upgrade --simulate",
  };
}
