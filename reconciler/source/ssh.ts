// Which key and which known hosts in, the ssh command line for git out. It never asks, and never learns a new host key.
import { checkTrustedFile } from "./trusted-file.ts";
import { refuse, succeed } from "../../common/problem.ts";
import type { Result } from "../../common/problem.ts";

export interface SshFiles {
  readonly identityFile?: string;
  readonly knownHostsFile?: string;
}

const OPTIONS = [
  "BatchMode=yes",
  "StrictHostKeyChecking=yes",
  "ConnectTimeout=20",
  "ServerAliveInterval=15",
  "ServerAliveCountMax=3",
  "ControlPath=none",
  "ClearAllForwardings=yes",
  "PermitLocalCommand=no",
];

/**
 * The value of GIT_SSH_COMMAND. git hands it to a shell, so both paths have passed `checkTrustedFile`, which lets only
 * plain characters through. Problems: `identity-*`, `known-hosts-*`.
 */
export function sshCommand(files: SshFiles): Result<string> {
  const { identityFile, knownHostsFile } = files;
  const problems = [
    identityFile && checkTrustedFile(identityFile, { role: "the ssh key", code: "identity", secret: true }),
    knownHostsFile && checkTrustedFile(knownHostsFile, { role: "the known_hosts file", code: "known-hosts" }),
  ].filter((found) => typeof found === "object");
  if (problems.length > 0) return refuse(...problems);
  const own = [
    ...(identityFile ? ["IdentitiesOnly=yes", "IdentityAgent=none", `IdentityFile=${identityFile}`] : []),
    ...(knownHostsFile ? [`UserKnownHostsFile=${knownHostsFile}`, "GlobalKnownHostsFile=/dev/null"] : []),
  ];
  const options = [...OPTIONS, ...own].flatMap((option) => ["-o", option]);
  return succeed(["ssh", "-F", "/dev/null", ...options].join(" "));
}
