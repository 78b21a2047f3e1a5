// The server's own interfaces, for whichever of the three programs this server has: choose one and leave the others.
import { everywhere, type Provider } from "./provider.ts";

export const network: Provider = {
  service: "network",
  about: "the server's own interfaces and addresses",
  confiles: {
    // On Debian beside the file of the installer, which includes it (ifupdown: /etc/network/interfaces); Alpine's only.
    ifupdown: {
      paths: { debian: "/etc/network/interfaces.d/school", alpine: "/etc/network/interfaces" },
      comment: "#",
      check: ["ifquery", "--list", "--all", "--interfaces", "{file}"],
      activation: { how: "restart", units: { debian: "networking.service", alpine: "networking" } },
      packages: { debian: ["ifupdown"], alpine: ["ifupdown-ng"] },
    },
    // `<name>` is the whole name, such as 20-lan.network or 10-bridge.netdev. systemd has no checker for these.
    networkd: {
      paths: {
        debian: "/etc/systemd/network/{name}",
        redhat: "/etc/systemd/network/{name}",
        suse: "/etc/systemd/network/{name}",
        arch: "/etc/systemd/network/{name}",
      },
      comment: "#",
      // The unit's reload is `networkctl reload`: only interfaces whose files changed are touched.
      activation: {
        how: "reload",
        units: {
          debian: "systemd-networkd.service",
          redhat: "systemd-networkd.service",
          suse: "systemd-networkd.service",
          arch: "systemd-networkd.service",
        },
      },
      packages: {
        debian: ["systemd"],
        redhat: ["systemd-networkd"],
        suse: ["systemd-network"],
        arch: ["systemd"],
      },
    },
    // Without a checker too. NetworkManager ignores a keyfile that others may read, because of the passwords in it.
    networkmanager: {
      paths: everywhere("/etc/NetworkManager/system-connections/{name}.nmconnection"),
      comment: "#",
      mode: 0o600,
      owner: "root",
      group: "root",
      // A reload does not read connections again; interfaces stay up during a restart.
      activation: { how: "restart", units: everywhere("NetworkManager.service", { alpine: "networkmanager" }) },
      packages: everywhere(["NetworkManager"], {
        debian: ["network-manager"],
        arch: ["networkmanager"],
        alpine: ["networkmanager"],
      }),
    },
  },
  packages: everywhere([]),
  // Daemons hold on to interfaces and addresses, and rules with `iif` to an interface's number.
  affects: ["nftables", "iptables", "hostapd", "radvd", "bind", "dnsmasq", "dhcp"],
  replaces: everywhere([], { alpine: ["/etc/network/interfaces"] }),
  removes: everywhere([]),
};
