// The older firewall, in the form of iptables-save. openSUSE has no place for it.
import type { Provider } from "./provider.ts";

export const iptables: Provider = {
  service: "iptables",
  about: "the firewall, in its older form",
  confiles: {
    "": {
      paths: {
        debian: "/etc/iptables/rules.v4",
        redhat: "/etc/sysconfig/iptables",
        arch: "/etc/iptables/iptables.rules",
        alpine: "/etc/iptables/rules-save",
      },
      comment: "#",
      mode: 0o600,
      check: ["iptables-restore", "--test", "{file}"],
    },
  },
  activation: {
    how: "restart",
    units: {
      debian: "netfilter-persistent.service",
      redhat: "iptables.service",
      arch: "iptables.service",
      alpine: "iptables",
    },
  },
  packages: {
    debian: ["iptables-persistent"],
    redhat: ["iptables-services"],
    arch: ["iptables"],
    alpine: ["iptables"],
  },
  affects: [],
};
