// The secure shell server. sshd takes the first value it meets, so these settings win over those of the main file.
import { everywhere, type Provider } from "./provider.ts";

export const ssh: Provider = {
  service: "ssh",
  about: "the secure shell server",
  confiles: {
    "": {
      paths: everywhere("/etc/ssh/sshd_config.d/50-school.conf"),
      comment: "#",
      // Older ones refuse to run at all when called by a bare name.
      check: ["/usr/sbin/sshd", "-t", "-f", "{file}"],
      // Made when the service starts, which where a socket starts it may be never.
      checkNeeds: { debian: ["/run/sshd"] },
    },
  },
  activation: { how: "reload", units: everywhere("sshd.service", { debian: "ssh.service", alpine: "sshd" }) },
  packages: everywhere(["openssh-server"], { arch: ["openssh"] }),
  affects: [],
};
