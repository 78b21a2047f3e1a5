// Names and addresses for the school's network. Where the main file includes no directory, or says what would fight with
// ours, the main file is made.
import { everywhere, type Provider } from "./provider.ts";

export const dnsmasq: Provider = {
  service: "dnsmasq",
  about: "DNS and DHCP for the school's network",
  confiles: {
    "": {
      // Fedora's main file has `interface=lo` and `bind-interfaces` (dnsmasq.conf since 2.82-4); Arch's includes nothing.
      paths: everywhere("/etc/dnsmasq.d/school.conf", { redhat: "/etc/dnsmasq.conf", arch: "/etc/dnsmasq.conf" }),
      comment: "#",
      check: ["dnsmasq", "--test", "-C", "{file}"],
    },
  },
  // A reload reads lists of names again, not the configuration (dnsmasq(8), NOTES).
  activation: { how: "restart", units: everywhere("dnsmasq.service", { alpine: "dnsmasq" }) },
  packages: everywhere(["dnsmasq"]),
  affects: [],
  replaces: everywhere([], { redhat: ["/etc/dnsmasq.conf"], arch: ["/etc/dnsmasq.conf"] }),
  removes: everywhere([]),
};
