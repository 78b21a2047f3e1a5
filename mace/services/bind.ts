// Names, from BIND: the main file includes `options` (one block) and `local`; `zones/<zone>` is one file a zone.
import { everywhere, type PerFamily, type Provider } from "./provider.ts";

const OPTIONS: PerFamily<string> = {
  debian: "/etc/bind/named.conf.options",
  redhat: "/etc/named/school.options",
  suse: "/etc/named.d/school.options",
  arch: "/etc/named/school.options",
  alpine: "/etc/bind/named.conf.options",
};
const LOCAL: PerFamily<string> = {
  debian: "/etc/bind/named.conf.local",
  redhat: "/etc/named/school.conf",
  suse: "/etc/named.d/school.conf",
  arch: "/etc/named/school.conf",
  alpine: "/etc/bind/named.conf.local",
};

export const bind: Provider = {
  service: "bind",
  about: "names, for a school with zones of its own",
  confiles: {
    // Debian's own main file includes the other two already (bind9: /etc/bind/named.conf). Everywhere else a piece here
    // has to: include "@BIND_OPTIONS@"; include "@BIND_LOCAL@";
    main: {
      paths: everywhere("/etc/named.conf", { debian: "/etc/bind/named.conf", alpine: "/etc/bind/named.conf" }),
      comment: "//",
      check: ["named-checkconf", "{file}"],
      // It reads what the file includes, and cannot before that is there.
      checkNeeds: {
        debian: ["/etc/bind/named.conf.options", "/etc/bind/named.conf.local"],
        redhat: ["/etc/named/school.options", "/etc/named/school.conf"],
        suse: ["/etc/named.d/school.options", "/etc/named.d/school.conf"],
        arch: ["/etc/named/school.options", "/etc/named/school.conf"],
        alpine: ["/etc/bind/named.conf.options", "/etc/bind/named.conf.local"],
      },
    },
    // Only what stands between the braces. The checker does not see an `acl` of another file: write networks out here.
    options: {
      paths: OPTIONS,
      comment: "//",
      join: "block",
      block: ["options {", "};"],
      check: ["named-checkconf", "{file}"],
    },
    local: { paths: LOCAL, comment: "//", check: ["named-checkconf", "{file}"] },
    zones: {
      paths: {
        debian: "/etc/bind/zones/{name}",
        redhat: "/var/named/school/{name}",
        suse: "/var/lib/named/master/{name}",
        arch: "/var/named/school/{name}",
        alpine: "/etc/bind/zones/{name}",
      },
      comment: ";",
      check: ["named-checkzone", "{name}", "{file}"],
    },
  },
  activation: { how: "reload", units: everywhere("named.service", { alpine: "named" }) },
  packages: everywhere(["bind"], {
    debian: ["bind9", "bind9-utils"],
    suse: ["bind", "bind-utils"],
    alpine: ["bind", "bind-tools"],
  }),
  affects: [],
  replaces: {
    debian: ["/etc/bind/named.conf", "/etc/bind/named.conf.options", "/etc/bind/named.conf.local"],
    redhat: ["/etc/named.conf"],
    suse: ["/etc/named.conf"],
    arch: ["/etc/named.conf"],
    alpine: [],
  },
  removes: everywhere([]),
  // BIND_DIRECTORY is the working directory that each distribution makes for named.
  variables: {
    debian: {
      BIND_OPTIONS: "/etc/bind/named.conf.options",
      BIND_LOCAL: "/etc/bind/named.conf.local",
      BIND_ZONES: "/etc/bind/zones",
      BIND_DIRECTORY: "/var/cache/bind",
    },
    redhat: {
      BIND_OPTIONS: "/etc/named/school.options",
      BIND_LOCAL: "/etc/named/school.conf",
      BIND_ZONES: "/var/named/school",
      BIND_DIRECTORY: "/var/named",
    },
    suse: {
      BIND_OPTIONS: "/etc/named.d/school.options",
      BIND_LOCAL: "/etc/named.d/school.conf",
      BIND_ZONES: "/var/lib/named/master",
      BIND_DIRECTORY: "/var/lib/named",
    },
    arch: {
      BIND_OPTIONS: "/etc/named/school.options",
      BIND_LOCAL: "/etc/named/school.conf",
      BIND_ZONES: "/var/named/school",
      BIND_DIRECTORY: "/var/named",
    },
    alpine: {
      BIND_OPTIONS: "/etc/bind/named.conf.options",
      BIND_LOCAL: "/etc/bind/named.conf.local",
      BIND_ZONES: "/etc/bind/zones",
      BIND_DIRECTORY: "/var/bind",
    },
  },
};
