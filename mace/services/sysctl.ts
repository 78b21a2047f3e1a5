// Kernel settings, one `name = value` a line. No check: a dry run of sysctl refuses a setting whose module is not loaded
// yet, and reads no values.
import { everywhere, type Provider } from "./provider.ts";

export const sysctl: Provider = {
  service: "sysctl",
  about: "kernel settings",
  // Before 99-sysctl.conf, which is /etc/sysctl.conf on Debian and Red Hat: a setting of the administrator's wins.
  confiles: { "": { paths: everywhere("/etc/sysctl.d/90-school.conf"), comment: "#" } },
  activation: { how: "restart", units: everywhere("systemd-sysctl.service", { alpine: "sysctl" }) },
  packages: { debian: ["procps"], redhat: ["procps-ng"], suse: ["procps"], arch: ["procps-ng"], alpine: [] },
  // A router that stopped forwarding has to load its rules again.
  affects: ["nftables", "iptables"],
  replaces: everywhere([]),
  removes: everywhere([]),
};
