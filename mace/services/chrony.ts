// The clock. Where the main file includes no directory, the whole main file is made from the sources.
import { everywhere, type Provider } from "./provider.ts";

export const chrony: Provider = {
  service: "chrony",
  about: "the clock, from and for the network",
  confiles: {
    "": {
      paths: {
        // `confdir /etc/chrony/conf.d` in Debian's chrony.conf, `include /etc/chrony.d/*.conf` in openSUSE's.
        debian: "/etc/chrony/conf.d/school.conf",
        redhat: "/etc/chrony.conf",
        suse: "/etc/chrony.d/school.conf",
        arch: "/etc/chrony.conf",
        alpine: "/etc/chrony/chrony.conf",
      },
      comment: "#",
      check: ["chronyd", "-p", "-f", "{file}"],
    },
  },
  // chronyd reads its configuration only when it starts.
  activation: {
    how: "restart",
    units: everywhere("chronyd.service", { debian: "chrony.service", alpine: "chronyd" }),
  },
  packages: everywhere(["chrony"]),
  affects: [],
  replaces: {
    debian: [],
    redhat: ["/etc/chrony.conf"],
    suse: [],
    arch: ["/etc/chrony.conf"],
    alpine: ["/etc/chrony/chrony.conf"],
  },
  removes: everywhere([]),
};
