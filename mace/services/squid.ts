// The web cache. Its main file is made whole: parts of it mean the same on every distribution only when all of it does.
import { everywhere, type Provider } from "./provider.ts";

export const squid: Provider = {
  service: "squid",
  about: "the web cache and proxy",
  confiles: {
    "": {
      paths: everywhere("/etc/squid/squid.conf"),
      comment: "#",
      check: ["squid", "-k", "parse", "-f", "{file}"],
    },
  },
  activation: { how: "reload", units: everywhere("squid.service", { alpine: "squid" }) },
  packages: everywhere(["squid"]),
  affects: [],
  variables: {
    debian: { SQUID_USER: "proxy", SQUID_CACHE: "/var/spool/squid" },
    redhat: { SQUID_USER: "squid", SQUID_CACHE: "/var/spool/squid" },
    suse: { SQUID_USER: "squid", SQUID_CACHE: "/var/cache/squid" },
    arch: { SQUID_USER: "proxy", SQUID_CACHE: "/var/cache/squid" },
    alpine: { SQUID_USER: "squid", SQUID_CACHE: "/var/cache/squid" },
  },
};
