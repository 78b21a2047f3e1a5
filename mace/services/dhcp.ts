// Addresses from one of the two ISC servers: `kea`, or the older dhcpd (`isc`). For a small school dnsmasq does it too.
import { everywhere, type Provider } from "./provider.ts";

const ISC_ACTIVATION = {
  how: "restart",
  units: everywhere("dhcpd.service", { debian: "isc-dhcp-server.service", arch: "dhcpd4.service", alpine: "dhcpd" }),
} as const;
const ISC_PACKAGES = everywhere(["dhcp-server"], { debian: ["isc-dhcp-server"], arch: ["dhcp"], alpine: ["dhcp"] });

export const dhcp: Provider = {
  service: "dhcp",
  about: "addresses, from ISC's kea or its older dhcpd",
  confiles: {
    isc: {
      paths: everywhere("/etc/dhcp/dhcpd.conf", { suse: "/etc/dhcpd.conf", arch: "/etc/dhcpd.conf" }),
      comment: "#",
      check: ["dhcpd", "-t", "-cf", "{file}"],
      activation: ISC_ACTIVATION,
      packages: ISC_PACKAGES,
    },
    // Where dhcpd is told its interfaces, each distribution in its own words: INTERFACESv4 on Debian, DHCPD_INTERFACE on
    // openSUSE, DHCPD_IFACE on Alpine. Debian's does not start without, because it tries IPv6 as well. The others listen
    // wherever a subnet fits.
    "isc-interfaces": {
      paths: { debian: "/etc/default/isc-dhcp-server", suse: "/etc/sysconfig/dhcpd", alpine: "/etc/conf.d/dhcpd" },
      comment: "#",
      activation: ISC_ACTIVATION,
      packages: ISC_PACKAGES,
    },
    // Pieces are members of "Dhcp4", and each ends with a comma; a last member of mace's own makes it whole JSON again.
    kea: {
      paths: everywhere("/etc/kea/kea-dhcp4.conf"),
      comment: "//",
      join: "block",
      block: ['{ "Dhcp4": {', '"comment": "made by mace" } }'],
      check: ["kea-dhcp4", "-t", "{file}"],
      // Alpine: main/kea, APKBUILD and kea.initd.in. The others: the unit of upstream, but for Debian's own name.
      activation: {
        how: "restart",
        units: everywhere("kea-dhcp4.service", { debian: "kea-dhcp4-server.service", alpine: "kea-dhcp4" }),
      },
      packages: everywhere(["kea"], { debian: ["kea-dhcp4-server"], alpine: ["kea-dhcp4"] }),
    },
  },
  packages: everywhere([]),
  affects: [],
  replaces: {
    debian: ["/etc/dhcp/dhcpd.conf", "/etc/default/isc-dhcp-server", "/etc/kea/kea-dhcp4.conf"],
    redhat: ["/etc/dhcp/dhcpd.conf", "/etc/kea/kea-dhcp4.conf"],
    suse: ["/etc/dhcpd.conf", "/etc/sysconfig/dhcpd", "/etc/kea/kea-dhcp4.conf"],
    arch: ["/etc/dhcpd.conf", "/etc/kea/kea-dhcp4.conf"],
    alpine: ["/etc/conf.d/dhcpd", "/etc/kea/kea-dhcp4.conf"],
  },
  removes: everywhere([]),
};
