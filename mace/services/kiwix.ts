// Books without a link. No distribution has a unit for it, so `unit` makes one; `library` is the XML file that
// kiwix-manage writes, and names the books.
import type { Provider } from "./provider.ts";

const UNIT = "/etc/systemd/system/kiwix.service";
const LIBRARY = "/etc/kiwix/library.xml";

const UNITS = { debian: "kiwix.service", redhat: "kiwix.service", suse: "kiwix.service", arch: "kiwix.service" };

// The checker takes a name for a file beside its path since systemd 250, which brought systemd-creds as well.
const SINCE_250 = ["/usr/bin/systemd-creds"];

export const kiwix: Provider = {
  service: "kiwix",
  about: "books without a link",
  confiles: {
    unit: {
      paths: { debian: UNIT, redhat: UNIT, suse: UNIT, arch: UNIT },
      comment: "#",
      check: ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "{file}:kiwix.service"],
      checkNeeds: { debian: SINCE_250, redhat: SINCE_250, suse: SINCE_250, arch: SINCE_250 },
      activation: { how: "daemon-reload", units: UNITS },
    },
    library: {
      paths: { debian: LIBRARY, redhat: LIBRARY, suse: LIBRARY, arch: LIBRARY },
      check: ["kiwix-manage", "{file}", "show"],
    },
  },
  activation: { how: "restart", units: UNITS },
  packages: { debian: ["kiwix-tools"], redhat: ["kiwix-tools"], suse: ["kiwix-tools"], arch: ["kiwix-tools"] },
  affects: [],
  replaces: {},
  removes: {},
  variables: {
    debian: { KIWIX_LIBRARY: LIBRARY },
    redhat: { KIWIX_LIBRARY: LIBRARY },
    suse: { KIWIX_LIBRARY: LIBRARY },
    arch: { KIWIX_LIBRARY: LIBRARY },
  },
};
