// For each service that has a checker: pieces that the real program finds good, and one broken piece that it refuses.

export interface Case {
  readonly service: string;
  /** The programs that judge. */
  readonly programs: readonly string[];
  /** Pieces by path below the root. */
  readonly good: Readonly<Record<string, string>>;
  /** Takes the place of one of them, or comes beside them. */
  readonly broken: Readonly<Record<string, string>>;
  /** Final paths that the checker has to read when all is good. */
  readonly checked: readonly string[];
  /** Final path that it has to refuse, and what it says then. */
  readonly refused: string;
  readonly says: RegExp;
}

const ZONE = `$TTL 1h
@ IN SOA schoolserver hostmaster ( 1 1h 15m 1w 1h )
  IN NS schoolserver
schoolserver IN A 172.18.96.1
`;

export const CASES: readonly Case[] = [
  {
    service: "bind's blocks of options",
    programs: ["named-checkconf"],
    good: {
      "a/bind.d/options/10.conf": 'directory "@BIND_DIRECTORY@";\n',
      "b/bind.d/options/10.conf": "allow-query { localhost; 172.18.96.0/19; };\n",
    },
    broken: { "b/bind.d/options/20.conf": "recursoin yes;\n" },
    checked: ["/etc/bind/named.conf.options"],
    refused: "/etc/bind/named.conf.options",
    says: /unknown option 'recursoin'/,
  },
  {
    service: "bind's list of zones",
    programs: ["named-checkconf"],
    good: { "bind.d/local/10.conf": 'zone "school.lan" { type primary; file "@BIND_ZONES@/school.lan"; };\n' },
    broken: { "bind.d/local/10.conf": 'zone "school.lan" { type primary };\n' },
    checked: ["/etc/bind/named.conf.local"],
    refused: "/etc/bind/named.conf.local",
    says: /missing ';'/,
  },
  {
    service: "bind's zones",
    programs: ["named-checkzone"],
    good: { "bind.d/zones/school.lan/10.conf": ZONE, "bind.d/zones/school.lan/20.conf": "www IN CNAME schoolserver\n" },
    broken: { "bind.d/zones/school.lan/20.conf": "www IN A 172.18.96\n" },
    checked: ["/etc/bind/zones/school.lan"],
    refused: "/etc/bind/zones/school.lan",
    says: /bad dotted quad/,
  },
  {
    service: "chrony",
    programs: ["chronyd"],
    good: { "chrony.d/10.conf": "pool pool.ntp.org iburst\nallow 172.18.96.0/19\n" },
    broken: { "chrony.d/20.conf": "alow 172.18.96.0/19\n" },
    checked: ["/etc/chrony/conf.d/school.conf"],
    refused: "/etc/chrony/conf.d/school.conf",
    says: /Invalid directive/,
  },
  {
    service: "dhcpd",
    programs: ["dhcpd"],
    good: {
      "dhcp.d/isc/10.conf": "authoritative;\n",
      "dhcp.d/isc/20.conf": "subnet 172.18.96.0 netmask 255.255.224.0 { range 172.18.97.1 172.18.126.254; }\n",
    },
    broken: { "dhcp.d/isc/20.conf": "subnet 172.18.96.0 netmask 255.255.224.0 { rang 172.18.97.1; }\n" },
    checked: ["/etc/dhcp/dhcpd.conf"],
    refused: "/etc/dhcp/dhcpd.conf",
    says: /expecting a (?:declaration|parameter)|semicolon expected/,
  },
  {
    service: "kea, from members that several pieces bring",
    programs: ["kea-dhcp4"],
    good: {
      "a/dhcp.d/kea/10.conf": '"interfaces-config": { "interfaces": [ "lo" ] },\n',
      "b/dhcp.d/kea/10.conf": '"subnet4": [ { "id": 1, "subnet": "172.18.96.0/19" } ],\n',
    },
    broken: { "c/dhcp.d/kea/10.conf": '"valid-lifetime": "long",\n' },
    checked: ["/etc/kea/kea-dhcp4.conf"],
    refused: "/etc/kea/kea-dhcp4.conf",
    says: /unexpected constant string, expecting integer/,
  },
  {
    service: "dnsmasq",
    programs: ["dnsmasq"],
    good: { "dnsmasq.d/10.conf": "domain-needed\nhost-record=schoolserver,172.18.96.1\n" },
    broken: { "dnsmasq.d/20.conf": "dhcp-ragne=172.18.97.1,172.18.126.254\n" },
    checked: ["/etc/dnsmasq.d/school.conf"],
    refused: "/etc/dnsmasq.d/school.conf",
    says: /bad option/,
  },
  {
    service: "iptables, from tables that several pieces bring",
    programs: ["iptables-restore"],
    good: {
      "a/iptables.d/10.conf": "*filter\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
      "b/iptables.d/10.conf": "*filter\n:INPUT DROP\n-A INPUT -i lo -j ACCEPT\nCOMMIT\n",
    },
    broken: { "b/iptables.d/20.conf": "*filter\n-A INPUT -p tcp --dprt 80 -j ACCEPT\nCOMMIT\n" },
    checked: ["/etc/iptables/rules.v4"],
    refused: "/etc/iptables/rules.v4",
    says: /unknown option "--dprt"/,
  },
  {
    service: "logrotate, which only mentions what it ignores",
    programs: ["logrotate"],
    good: { "logrotate.d/10.conf": "/var/log/school-not-written-yet.log {\n  weekly\n  rotate 4\n}\n" },
    broken: { "logrotate.d/10.conf": "/var/log/school-not-written-yet.log {\n  weekyl\n}\n" },
    checked: ["/etc/logrotate.d/school"],
    refused: "/etc/logrotate.d/school",
    says: /unknown option 'weekyl'/,
  },
  {
    service: "ifupdown",
    programs: ["ifquery"],
    good: { "network.d/ifupdown/10.conf": "auto lan0\niface lan0 inet static\n  address 172.18.96.1/19\n" },
    broken: { "network.d/ifupdown/10.conf": "auto lan0\niface lan0 inet stattic\n" },
    checked: ["/etc/network/interfaces.d/school"],
    refused: "/etc/network/interfaces.d/school",
    says: /unknown or no method/,
  },
  {
    service: "nftables",
    programs: ["nft"],
    good: { "nftables.d/10.conf": "table inet school {\n  chain input { type filter hook input priority 0; }\n}\n" },
    broken: { "nftables.d/20.conf": "add rule inet school input tcp dport 22 acept\n" },
    checked: ["/etc/nftables.conf"],
    refused: "/etc/nftables.conf",
    says: /syntax error/,
  },
  {
    service: "radvd",
    programs: ["radvd"],
    good: { "radvd.d/10.conf": "interface lan0 { AdvSendAdvert on; prefix fd00:18:96::/64 {}; };\n" },
    broken: { "radvd.d/20.conf": "interface lan1 { AdvSendAdverts on; };\n" },
    checked: ["/etc/radvd.conf"],
    refused: "/etc/radvd.conf",
    says: /syntax error/,
  },
  {
    service: "sshd",
    programs: ["sshd"],
    good: { "ssh.d/10.conf": "PasswordAuthentication no\n" },
    broken: { "ssh.d/20.conf": "PasswordAuthentification no\n" },
    checked: ["/etc/ssh/sshd_config.d/00-school.conf"],
    refused: "/etc/ssh/sshd_config.d/00-school.conf",
    says: /Bad configuration option: PasswordAuthentification/,
  },
  {
    service: "systemd's units, a timer before its service among them",
    programs: ["systemd-analyze", "systemd-creds"],
    good: {
      "systemd.d/units/school-backup.service/10.conf": "[Service]\nType=oneshot\nExecStart=/bin/true\n",
      "systemd.d/units/school-backup.timer/10.conf": "[Timer]\nOnCalendar=daily\n",
    },
    broken: { "systemd.d/units/school-backup.service/10.conf": "[Service]\nTpye=oneshot\nExecStart=/bin/true\n" },
    checked: ["/etc/systemd/system/school-backup.service", "/etc/systemd/system/school-backup.timer"],
    refused: "/etc/systemd/system/school-backup.service",
    says: /Unknown key/,
  },
];
