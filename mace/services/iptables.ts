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
      join: "iptables",
      mode: 0o600,
      check: ["iptables-restore", "--test", "{file}"],
      checkAsRoot: true,
    },
  },
  // A restart opens the door for a moment wherever stopping forgets all rules; a reload swaps them in one step. Debian's
  // unit knows no reload and keeps the rules when it stops (netfilter-persistent: FLUSH_ON_STOP).
  activation: {
    how: "reload",
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
  replaces: { debian: [], redhat: ["/etc/sysconfig/iptables"], arch: ["/etc/iptables/iptables.rules"], alpine: [] },
  removes: { debian: [], redhat: [], arch: [], alpine: [] },
};
