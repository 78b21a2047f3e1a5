// The secure shell server. sshd takes the first value it meets, and every distribution's main file includes this
// directory at its top; older ones of Arch (OpenSSH 9.0) and Alpine (7.9) do not yet.
import { everywhere, type Provider } from "./provider.ts";

const HOST_KEY = "/etc/ssh/ssh_host_ed25519_key";

export const ssh: Provider = {
  service: "ssh",
  about: "the secure shell server",
  confiles: {
    "": {
      // Before 01-permitrootlogin.conf (Fedora's installer), 50-cloud-init.conf and 50-redhat.conf.
      paths: everywhere("/etc/ssh/sshd_config.d/00-school.conf"),
      comment: "#",
      // Older ones refuse to run at all when called by a bare name.
      check: ["/usr/sbin/sshd", "-t", "-f", "{file}"],
      checkAsRoot: true,
      // Keys are made when the service first starts; so is the directory, which where a socket starts it may be never.
      checkNeeds: everywhere([HOST_KEY], { debian: [HOST_KEY, "/run/sshd"] }),
    },
  },
  activation: { how: "reload", units: everywhere("sshd.service", { debian: "ssh.service", alpine: "sshd" }) },
  packages: everywhere(["openssh-server"], { arch: ["openssh"] }),
  affects: [],
  replaces: everywhere([]),
  removes: everywhere([]),
};
