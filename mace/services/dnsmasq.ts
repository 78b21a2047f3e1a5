// Names and addresses for the school's network. On Arch no directory is included, so the main file is made.
import { everywhere, type Provider } from "./provider.ts";

export const dnsmasq: Provider = {
  service: "dnsmasq",
  about: "DNS and DHCP for the school's network",
  confiles: {
    "": {
      paths: everywhere("/etc/dnsmasq.d/school.conf", { arch: "/etc/dnsmasq.conf" }),
      comment: "#",
      check: ["dnsmasq", "--test", "-C", "{file}"],
    },
  },
  activation: { how: "restart", units: everywhere("dnsmasq.service", { alpine: "dnsmasq" }) },
  packages: everywhere(["dnsmasq"]),
  affects: [],
};
