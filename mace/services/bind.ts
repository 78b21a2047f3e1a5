// Names, from BIND: `options` and `local` are files that named.conf includes (or is), `zones/<zone>` is one file a zone.
import { everywhere, type Provider } from "./provider.ts";

export const bind: Provider = {
  service: "bind",
  about: "names, for a school with zones of its own",
  confiles: {
    options: {
      paths: everywhere("/etc/named.conf", {
        debian: "/etc/bind/named.conf.options",
        alpine: "/etc/bind/named.conf",
      }),
      comment: "//",
      check: ["named-checkconf", "{file}"],
    },
    local: {
      // Except on Debian and openSUSE the pieces of `options` have to include this file, as @BIND_LOCAL@.
      paths: {
        debian: "/etc/bind/named.conf.local",
        redhat: "/etc/named/school.conf",
        suse: "/etc/named.conf.include",
        arch: "/etc/named/school.conf",
        alpine: "/etc/bind/named.conf.local",
      },
      comment: "//",
      check: ["named-checkconf", "{file}"],
    },
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
  packages: everywhere(["bind"], { debian: ["bind9", "bind9-utils"], alpine: ["bind", "bind-tools"] }),
  affects: [],
  variables: {
    debian: { BIND_LOCAL: "/etc/bind/named.conf.local", BIND_ZONES: "/etc/bind/zones" },
    redhat: { BIND_LOCAL: "/etc/named/school.conf", BIND_ZONES: "/var/named/school" },
    suse: { BIND_LOCAL: "/etc/named.conf.include", BIND_ZONES: "/var/lib/named/master" },
    arch: { BIND_LOCAL: "/etc/named/school.conf", BIND_ZONES: "/var/named/school" },
    alpine: { BIND_LOCAL: "/etc/bind/named.conf.local", BIND_ZONES: "/etc/bind/zones" },
  },
};
