// The firewall: one file that is loaded as a whole, in one step. openSUSE's package has no service that would load it.
import type { Provider } from "./provider.ts";

export const nftables: Provider = {
  service: "nftables",
  about: "the firewall",
  confiles: {
    "": {
      paths: {
        debian: "/etc/nftables.conf",
        redhat: "/etc/sysconfig/nftables.conf",
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
      arch: "nftables.service",
      alpine: "nftables",
    },
  },
  packages: { debian: ["nftables"], redhat: ["nftables"], arch: ["nftables"], alpine: ["nftables"] },
  affects: [],
  replaces: {
    debian: ["/etc/nftables.conf"],
    redhat: ["/etc/sysconfig/nftables.conf"],
    arch: ["/etc/nftables.conf"],
    alpine: ["/etc/nftables.nft"],
  },
  removes: { debian: [], redhat: [], arch: [], alpine: [] },
};
