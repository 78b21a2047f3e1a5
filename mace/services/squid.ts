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
  // Only a start makes the directories of a new cache; on a reload squid misses them, and dies.
  activation: { how: "restart", units: everywhere("squid.service", { alpine: "squid" }) },
  packages: everywhere(["squid"]),
  // The content filter asks it for every page.
  affects: ["e2guardian"],
  replaces: everywhere(["/etc/squid/squid.conf"]),
  removes: {},
  variables: {
    debian: { SQUID_USER: "proxy", SQUID_CACHE: "/var/spool/squid" },
    redhat: { SQUID_USER: "squid", SQUID_CACHE: "/var/spool/squid" },
    suse: { SQUID_USER: "squid", SQUID_CACHE: "/var/cache/squid" },
    arch: { SQUID_USER: "proxy", SQUID_CACHE: "/var/cache/squid" },
    alpine: { SQUID_USER: "squid", SQUID_CACHE: "/var/cache/squid" },
  },
};
