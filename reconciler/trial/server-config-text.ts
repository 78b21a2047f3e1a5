// What `reconcile init --server` was told in, the text of a server's config.yaml out.
import { commonTail, quoted } from "./config-text.ts";

export interface ServerWish {
  readonly host: string;
  /** An address, or an absolute path. */
  readonly remote: string;
  /** Absolute path of a file of allowed signers; nothing when everybody who can write to the repository is trusted. */
  readonly allowedSigners?: string;
}

export function serverConfigText({ host, remote, allowedSigners }: ServerWish): string {
  return `# Settings of the reconciler on this server. After a change: reconcile --now, or restart the service.
# A line that begins with # is only an example; it shows what holds when nothing is written, unless it says otherwise.

# Which server of the fleet this is: schools/<host>.yaml.
host: ${quoted(host)}

# Where the fleet's repository comes from. The first remote that answers is used; add a nearer one above it.
remotes:
  mothership:
    url: ${quoted(remote)}
    # plain_http: false                        # permits an http:// address
    # identity_file: /etc/reconciler/id        # a private key for ssh; none when nothing is written
    # known_hosts_file: /etc/reconciler/known  # the host keys for ssh; none when nothing is written

# The branch that is followed.
# branch: main

${trustText(allowedSigners)}
# The folder that is kept as the fleet wants it. Another one than / is for trials.
# root: /

# The mirror of the repository, the journal, and what is kept for undoing.
# state: /var/lib/reconciler

# A second copy of what has to outlive that folder; best on another disk.
# state_copy: /var/lib/reconciler-copy

# Whoever may open this socket may ask for a run.
# control: /run/reconciler/control.sock

# Folder of template layers; the program's own when nothing is written.
# templates: /srv/templates

# The metrics, the status and the health report. They tell which files are kept here, so they stay on this machine.
# http:
#   listen: 127.0.0.1:9642

# Seconds between two looks at the repository, and up to how many are added at random.
# interval_s: 300
# splay_s: 60

# Run soon after a kept file was changed by somebody else.
# watch: true

${commonTail()}`;
}

function trustText(allowedSigners: string | undefined): string {
  if (allowedSigners === undefined) {
    return `# Whose commits are obeyed: of everybody who can write to the repository. With a file of keys, only signed commits
# of the people in it are: trust: {allowed_signers: /etc/reconciler/allowed_signers}
trust: none
`;
  }
  return `# Whose commits are obeyed: signed ones, by a key in this file. The word none obeys everybody who can write to the
# repository.
trust:
  allowed_signers: ${quoted(allowedSigners)}
`;
}
