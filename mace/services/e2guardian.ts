// The content filter: `main`, a file for each filter group (`group/1/`), and lists by name (`lists/bannedsitelist/`).
// It has no checker. Of the distributions here only Debian and its relatives have it in a release; Alpine had it in its
// testing packages.
import type { Provider } from "./provider.ts";

export const e2guardian: Provider = {
  service: "e2guardian",
  about: "the content filter",
  confiles: {
    main: { paths: { debian: "/etc/e2guardian/e2guardian.conf" }, comment: "#" },
    group: { paths: { debian: "/etc/e2guardian/e2guardianf{name}.conf" }, comment: "#" },
    lists: { paths: { debian: "/etc/e2guardian/lists/{name}" }, comment: "#" },
  },
  // A reload reads the lists again, but not which ports it listens on.
  activation: { how: "restart", units: { debian: "e2guardian.service" } },
  packages: { debian: ["e2guardian"] },
  affects: [],
  replaces: { debian: ["/etc/e2guardian/e2guardian.conf", "/etc/e2guardian/e2guardianf1.conf"] },
  removes: {},
  variables: {
    debian: {
      E2GUARDIAN_USER: "e2guardian",
      E2GUARDIAN_LISTS: "/etc/e2guardian/lists",
      E2GUARDIAN_LOGS: "/var/log/e2guardian",
    },
  },
};
