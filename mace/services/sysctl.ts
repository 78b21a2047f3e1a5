// Kernel settings, one `name = value` a line.
import { everywhere, type Provider } from "./provider.ts";

export const sysctl: Provider = {
  service: "sysctl",
  about: "kernel settings",
  confiles: { "": { paths: everywhere("/etc/sysctl.d/90-school.conf"), comment: "#" } },
  activation: { how: "restart", units: everywhere("systemd-sysctl.service", { alpine: "sysctl" }) },
  packages: { debian: ["procps"], redhat: ["procps-ng"], suse: ["procps"], arch: ["procps-ng"], alpine: [] },
  // A router that stopped forwarding has to load its rules again.
  affects: ["nftables", "iptables"],
};
