// Addresses from the ISC server, where a school still has it; dnsmasq is the smaller choice.
import { everywhere, type Provider } from "./provider.ts";

export const dhcp: Provider = {
  service: "dhcp",
  about: "addresses, from the ISC server",
  confiles: {
    "": {
      paths: everywhere("/etc/dhcp/dhcpd.conf", { suse: "/etc/dhcpd.conf", arch: "/etc/dhcpd.conf" }),
      comment: "#",
      check: ["dhcpd", "-t", "-cf", "{file}"],
    },
  },
  activation: {
    how: "restart",
    units: everywhere("dhcpd.service", {
      debian: "isc-dhcp-server.service",
      arch: "dhcpd4.service",
      alpine: "dhcpd",
    }),
  },
  packages: everywhere(["dhcp-server"], { debian: ["isc-dhcp-server"], arch: ["dhcp"], alpine: ["dhcp"] }),
  affects: [],
};
