// What a person should find in config.yaml: every key, what it means, and what it is when nothing is written.

/** Of a trial: everything in one folder, quick to answer, on a network of nobody's. */
export function trialConfigText(host: string): string {
  return `# Settings of the reconciler for this trial. Relative paths are taken from this folder.
# A line that begins with # is only an example; it shows what holds when nothing is written, unless it says otherwise.

# Which server of the fleet this is: fleet/schools/${host}.yaml.
host: ${host}

# Where the fleet's repository comes from. The first remote that answers is used.
remotes:
  mothership:
    url: fleet.git
    # plain_http: false                        # permits an http:// address
    # identity_file: /etc/reconciler/id        # a private key for ssh; none when nothing is written
    # known_hosts_file: /etc/reconciler/known  # the host keys for ssh; none when nothing is written

# The branch that is followed.
branch: main

# Whose commits are obeyed. "none" obeys everybody who can write to the repository: right for a trial, where that is you.
# A school's server names a file of keys instead, as in trust: {allowed_signers: /etc/reconciler/allowed_signers}
trust: none

# The folder that is kept as the fleet wants it. On a school's server this is /.
root: root

# The mirror of the repository, the journal, and what is kept for undoing.
state: state

# A second copy of what has to outlive that folder; best on another disk.
# state_copy: state-copy

# Whoever may open this socket may ask for a run.
control: control.sock

# Folder of template layers; the program's own when nothing is written.
# templates: /srv/templates

# The metrics, the status and the health report.
http:
  listen: 127.0.0.1:9642

# Seconds between two looks at the repository (on a school's server 300), and up to how many are added at random (60).
interval_s: 10
splay_s: 0

# Run soon after a kept file was changed by somebody else.
watch: true

${commonTail()}`;
}

/** A value from outside, in a form that YAML reads back as this very text. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** What hardly any server changes. */
export function commonTail(): string {
  return `# Nothing takes longer than this many seconds: one remote, a whole run, one configuration checker, any other program,
# and how long a change that could cut the server off has, to show that it did not.
# deadlines:
#   fetch_s: 120
#   cycle_s: 900
#   check_s: 30
#   command_s: 60
#   confirm_s: 120

# Nothing grows beyond this: one file of the repository, everything that one school reads, how many files that is,
# the runs that are remembered, the bytes kept for undoing, the bytes set aside for the day the disk is full.
# limits:
#   file_bytes: 16777216
#   tree_bytes: 268435456
#   tree_files: 20000
#   history_runs: 200
#   kept_bytes: 536870912
#   reserve_bytes: 16777216
`;
}
