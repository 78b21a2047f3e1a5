// What of a server leads to it or away from it, as a table: a change there could cut the server off.

export type Risk =
  "network" | "firewall" | "ssh" | "names" | "addresses for others" | "a neighbour" | "the reconciler itself";

export interface Ways {
  /** Files; folders when they end with "/"; all that begins with it when it ends with "*". */
  readonly paths: readonly string[];
  /** Names of services and of packages; all that begin with it when it ends with "*". */
  readonly services: readonly string[];
  readonly packages: readonly string[];
}

export const RISKS: Readonly<Record<Risk, Ways>> = {
  network: {
    paths: [
      ...["/etc/network/", "/etc/netplan/", "/etc/systemd/network/", "/etc/NetworkManager/", "/etc/sysconfig/network*"],
      ...["/etc/wpa_supplicant*", "/etc/hostapd/", "/etc/hostapd.conf", "/etc/iwd/", "/etc/connman/", "/etc/ppp/"],
      ...["/etc/wireguard/", "/etc/openvpn/", "/etc/ipsec*", "/etc/swanctl/", "/etc/strongswan*"],
      ...["/etc/sysctl*", "/etc/modprobe.d/", "/etc/modules", "/etc/modules-load.d/", "/etc/udev/rules.d/"],
      ...[
        "/etc/iproute2/",
        "/etc/dhcpcd.conf",
        "/etc/dhclient*",
        "/etc/dhcp/dhclient*",
        "/etc/frr/",
        "/etc/radvd.conf",
      ],
    ],
    services: [
      ...[
        "networking",
        "network",
        "network-manager",
        "NetworkManager",
        "systemd-networkd",
        "netplan*",
        "connman",
        "iwd",
      ],
      ...["wpa_supplicant*", "hostapd*", "dhcpcd*", "dhclient*", "wg-quick*", "openvpn*", "strongswan*", "ipsec"],
      ...["ifup*", "frr", "radvd", "systemd-sysctl", "systemd-udevd", "ModemManager"],
    ],
    packages: [
      ...[
        "ifupdown*",
        "netplan*",
        "network-manager*",
        "NetworkManager*",
        "networkmanager*",
        "connman",
        "iwd",
        "iproute*",
      ],
      ...["wpasupplicant", "wpa_supplicant", "hostapd", "dhcpcd*", "isc-dhcp-client", "wireguard*", "openvpn*"],
      ...[
        "strongswan*",
        "libreswan",
        "ppp",
        "modemmanager",
        "udev",
        "systemd",
        "linux-image*",
        "linux-lts*",
        "kernel*",
      ],
    ],
  },
  firewall: {
    paths: [
      ...["/etc/nftables*", "/etc/iptables*", "/etc/sysconfig/iptables*", "/etc/sysconfig/ip6tables*", "/etc/ufw/"],
      ...["/etc/firewalld/", "/etc/shorewall*", "/etc/ferm/", "/etc/fail2ban/", "/etc/hosts.allow", "/etc/hosts.deny"],
    ],
    services: [
      "nftables",
      "iptables",
      "ip6tables",
      "netfilter-persistent",
      "ufw",
      "firewalld",
      "shorewall*",
      "ferm",
      "fail2ban",
    ],
    packages: ["nftables", "iptables*", "netfilter-persistent", "ufw", "firewalld", "shorewall*", "ferm", "fail2ban"],
  },
  ssh: {
    paths: ["/etc/ssh/", "/etc/dropbear*", "/root/.ssh/", "/etc/crypto-policies/"],
    services: ["ssh", "sshd", "dropbear"],
    packages: ["openssh*", "dropbear*"],
  },
  names: {
    paths: [
      ...[
        "/etc/hosts",
        "/etc/hostname",
        "/etc/host.conf",
        "/etc/resolv.conf",
        "/etc/resolvconf/",
        "/etc/nsswitch.conf",
      ],
      ...["/etc/gai.conf", "/etc/systemd/resolved*", "/etc/dnsmasq*", "/etc/bind/", "/etc/named*", "/etc/unbound/"],
    ],
    services: ["systemd-resolved", "resolvconf", "dnsmasq*", "named", "bind9", "unbound", "avahi-daemon"],
    packages: ["systemd-resolved", "resolvconf", "openresolv", "dnsmasq*", "bind", "bind9*", "unbound", "libnss*"],
  },
  "addresses for others": {
    paths: ["/etc/dhcp*", "/etc/kea/", "/etc/default/isc-dhcp-server"],
    services: ["isc-dhcp-server*", "dhcpd*", "kea*", "udhcpd"],
    packages: ["isc-dhcp-server*", "dhcp-server", "kea*", "udhcpd"],
  },
  "a neighbour": {
    paths: ["/etc/puppet/", "/etc/puppetlabs/", "/var/cfengine/", "/var/lib/cfengine3/"],
    services: ["puppet*", "cfengine3", "cf-execd", "cf-serverd", "cf-monitord"],
    packages: ["puppet*", "openvox*", "cfengine*"],
  },
  "the reconciler itself": {
    paths: ["/etc/reconciler/", "/usr/lib/sugar-server-kit/", "/usr/bin/reconcile", "/usr/bin/node"],
    services: ["reconciler*"],
    packages: ["sugar-server-kit*", "nodejs*", "git", "git-core", "ca-certificates"],
  },
};
