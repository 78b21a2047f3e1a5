// What git said when a fetch failed in, a Problem with a remedy out. The words are git's and ssh's own, in the C locale.
import type { CommandResult } from "../machine/machine.ts";
import type { Problem } from "../../common/problem.ts";
import { printableLines } from "../../common/printable.ts";

export interface FetchContext {
  readonly remote: string;
  /** Redacted. */
  readonly address: string;
  readonly branch: string;
  readonly timeoutMs: number;
  /** This server's clock, Unix milliseconds. */
  readonly nowMs: number;
  /** Time of the newest commit known here, Unix seconds: it cannot be earlier than that. */
  readonly newestKnown?: number;
}

interface Pattern {
  readonly code: string;
  readonly said: RegExp;
  readonly what: (context: FetchContext) => string;
  readonly hint: string;
}

const CLOCK_HINT =
  "set the clock (date; chronyc makestep or ntpdate), then fetch again; ssh:// remotes work without a right clock";

/** In this order: the more precise cause stands before the vaguer words that git adds to it. */
const PATTERNS: readonly Pattern[] = [
  {
    code: "disk-full",
    said: /No space left on device|Disk quota exceeded/i,
    what: () => "the disk of this server is full",
    hint: "make room where the reconciler keeps its state, then fetch again",
  },
  {
    code: "ssh-host-key",
    said: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED|No .* host key is known/i,
    what: ({ remote }) => `the host key of ${remote} is not the one this server knows`,
    hint: "compare the new key with its owner by another way, then write it to the known_hosts file (ssh-keyscan -H HOST)",
  },
  {
    code: "remote-auth",
    said: /Permission denied \(|Authentication failed|could not read (?:Username|Password)|The requested URL returned error: (?:401|403)/i,
    what: ({ remote }) => `${remote} does not let this server in`,
    hint: "give this server's deploy key or token the right to read the repository; it may have expired",
  },
  {
    code: "tls-clock",
    said: /certificate (?:is not yet valid|has expired|is not yet activated)|not yet valid|certificate has expired/i,
    what: ({ remote, nowMs }) => `the certificate of ${remote} is not valid at this server's time, ${day(nowMs)}`,
    hint: CLOCK_HINT,
  },
  {
    code: "tls-certificate",
    said: /SSL certificate problem|certificate verif|SSL: no alternative certificate|gnutls_handshake|TLS connect error|SSL_connect/i,
    what: ({ remote }) => `the certificate of ${remote} cannot be verified`,
    hint: "if your own authority signed it, install its certificate on this server (update-ca-certificates)",
  },
  {
    code: "remote-name-unknown",
    said: /Could not resolve host|Name or service not known|Temporary failure in name resolution/i,
    what: ({ address }) => `the host name in ${address} cannot be found`,
    hint: "look at this server's link and at its DNS (getent hosts NAME), then at the spelling",
  },
  {
    code: "remote-unreachable",
    said: /Failed to connect|Connection refused|Connection timed out|No route to host|Network is unreachable|Couldn't connect|Connection reset/i,
    what: ({ address }) => `nobody answers at ${address}`,
    hint: "look at this server's link, then whether the remote is up",
  },
  {
    code: "fetch-stalled",
    said: /Operation too slow|transfer closed|early EOF|the remote end hung up unexpectedly|RPC failed|timed? ?out/i,
    what: ({ remote }) => `the transfer from ${remote} broke off`,
    hint: "the next run tries again; over a weak link let a nearer remote stand first in the list",
  },
  {
    code: "redirect-refused",
    said: /unable to update url base from redirection|The requested URL returned error: 30\d/i,
    what: ({ remote }) => `${remote} sends this server on to another address`,
    hint: "write the new address into the configuration; credentials are never sent along to another host",
  },
  {
    code: "repository-missing",
    said: /Repository not found|repository .* not found|does not appear to be a git repository|not a git repository|error: 404|No such file or directory/i,
    what: ({ address }) => `there is no repository at ${address}, or this server may not see it`,
    hint: "look at the address, and whether this server's key or token may read the repository",
  },
  {
    code: "objects-refused",
    said: /fsck error|error in (?:tree|commit|tag)|error: object [0-9a-f]+:|bad (?:tree|commit) object|fsck-objects/i,
    what: ({ branch }) => `the history of ${branch} holds an object that git's own checks refuse`,
    hint: "run git fsck --strict in a clone: a name such as “..” or “.git”, or a commit made by a broken tool",
  },
  {
    code: "protocol-refused",
    said: /transport '.*' not allowed|protocol .* not allowed/i,
    what: ({ address }) => `${address} leads to a protocol that is not allowed`,
    hint: "use https://, ssh:// or a path",
  },
];

/** Problems: the codes above, `fetch-timeout`, `git-missing`, `git-not-started`, and `fetch-failed` with git's own words for the rest. */
export function explainFetch(told: CommandResult, context: FetchContext): Problem {
  if (told.ended === "timeout") return timedOut(context);
  if (told.ended === "not-found") return gitMissing();
  if (told.ended === "too-many-files") return tooManyFiles();
  const pattern = PATTERNS.find(({ said }) => said.test(told.stderr));
  if (pattern === undefined) return unexplained(told, context);
  if (pattern.code === "tls-certificate" && clockIsBehind(context)) return clockProblem(context);
  return { code: pattern.code, what: pattern.what(context), hint: pattern.hint };
}

/** git's words for a branch that the remote does not have. */
export function saysNoSuchBranch(stderr: string): boolean {
  return /couldn't find remote ref/i.test(stderr);
}

export function emptyRepository({ address, branch }: FetchContext): Problem {
  const hint = `push the first commit to ${branch}`;
  return { code: "repository-empty", what: `the repository at ${address} has no branch yet`, hint };
}

/** `branches` are those it has. */
export function branchMissing({ remote, branch }: FetchContext, branches: readonly string[]): Problem {
  const shown = branches.slice(0, 10).join(", ") + (branches.length > 10 ? ", ..." : "");
  return { code: "branch-missing", what: `${remote} has no branch ${branch}`, hint: `it has ${shown}` };
}

/** GnuTLS says the same for every bad certificate; a clock that is earlier than a known commit gives the reason away. */
function clockIsBehind({ nowMs, newestKnown }: FetchContext): boolean {
  return nowMs < Date.UTC(2024, 0) || (newestKnown !== undefined && nowMs / 1000 < newestKnown - 86_400);
}

function clockProblem({ remote, nowMs }: FetchContext): Problem {
  const what = `the certificate of ${remote} cannot be verified, and this server's clock is wrong: ${day(nowMs)}`;
  return { code: "tls-clock", what, hint: CLOCK_HINT };
}

function timedOut({ remote, timeoutMs }: FetchContext): Problem {
  const what = `${remote} did not finish within ${Math.ceil(timeoutMs / 1000)} seconds`;
  return {
    code: "fetch-timeout",
    what,
    hint: "look at the link; over a weak one allow more time, or name a nearer remote first",
  };
}

function gitMissing(): Problem {
  return { code: "git-missing", what: "git cannot be started", hint: "install git (and setsid, from util-linux)" };
}

function tooManyFiles(): Problem {
  const hint = "raise its limit (LimitNOFILE= in the unit file); the next run tries again";
  return { code: "git-not-started", what: "git cannot be started: this process has too many files open", hint };
}

function unexplained(told: CommandResult, { remote }: FetchContext): Problem {
  const words = printableLines(told.stderr.trim().split("\n").slice(-3).join("; ").slice(0, 600));
  return { code: "fetch-failed", what: `git could not fetch from ${remote}: ${words || (told.ended ?? told.code)}` };
}

function day(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace("T", " ") + " UTC";
}
