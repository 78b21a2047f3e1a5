// The firewall: one file that is loaded as a whole, in one step. openSUSE's package got a service for it in 2025 (nftables
// 1.1.2), without a file; in newer Fedora the service is a package beside nftables, nftables-services.
import type { Provider } from "./provider.ts";

export const nftables: Provider = {
  service: "nftables",
  about: "the firewall",
  confiles: {
    "": {
      paths: {
        debian: "/etc/nftables.conf",
        redhat: "/etc/sysconfig/nftables.conf",
        suse: "/etc/nftables/rules/main.nft",
        arch: "/etc/nftables.conf",
        alpine: "/etc/nftables.nft",
      },
      comment: "#",
      check: ["nft", "-c", "-f", "{file}"],
      checkAsRoot: true,
    },
  },
  activation: {
    how: "reload",
    units: {
      debian: "nftables.service",
      redhat: "nftables.service",
      suse: "nftables.service",
      arch: "nftables.service",
      alpine: "nftables",
    },
  },
  packages: {
    debian: ["nftables"],
    redhat: ["nftables"],
    suse: ["nftables"],
    arch: ["nftables"],
    alpine: ["nftables"],
  },
  affects: [],
  replaces: {
    debian: ["/etc/nftables.conf"],
    redhat: ["/etc/sysconfig/nftables.conf"],
    suse: [],
    arch: ["/etc/nftables.conf"],
    alpine: ["/etc/nftables.nft"],
  },
  removes: { debian: [], redhat: [], suse: [], arch: [], alpine: [] },
};
