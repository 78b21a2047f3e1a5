// Security updates by themselves. Each family has a program of its own for it, and so a file of its own: a layer with
// these pieces is meant for one of them.
import type { Provider } from "./provider.ts";

export const unattendedUpgrades: Provider = {
  service: "unattended-upgrades",
  about: "security updates by themselves",
  confiles: {
    // Read anew whenever apt runs, so there is nothing to activate.
    apt: {
      paths: { debian: "/etc/apt/apt.conf.d/90school" },
      comment: "//",
      check: ["apt-config", "-c", "{file}", "dump"],
    },
    // Without a checker.
    dnf: {
      paths: { redhat: "/etc/dnf/automatic.conf" },
      comment: "#",
      activation: { how: "restart", units: { redhat: "dnf-automatic.timer" } },
    },
    // Without a checker. man os-update: what the administrator changes lies here.
    zypper: {
      paths: { suse: "/etc/os-update.conf" },
      comment: "#",
      activation: { how: "restart", units: { suse: "os-update.timer" } },
    },
  },
  packages: { debian: ["unattended-upgrades"], redhat: ["dnf-automatic"], suse: ["os-update"] },
  affects: [],
  replaces: { redhat: ["/etc/dnf/automatic.conf"] },
  removes: {},
};
