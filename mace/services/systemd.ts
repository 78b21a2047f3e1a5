// Units of the school's own (`units/backup.timer`), and additions to the units of others (`dropins/nginx.service`).
// Which of them run is not said here: a new unit is read by systemd, not enabled or started.
import type { Provider } from "./provider.ts";

// The checker takes a name for a file beside its path since systemd 250, which brought systemd-creds as well.
const SINCE_250 = ["/usr/bin/systemd-creds"];

export const systemd: Provider = {
  service: "systemd",
  about: "services, timers and other units of the school's own",
  confiles: {
    units: {
      paths: {
        debian: "/etc/systemd/system/{name}",
        redhat: "/etc/systemd/system/{name}",
        suse: "/etc/systemd/system/{name}",
        arch: "/etc/systemd/system/{name}",
      },
      comment: "#",
      // Without the second option what systemd ignores leaves the exit code 0, and units that this one asks for are
      // looked at too. A socket whose service is not installed yet is refused all the same: let the service come first.
      check: ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", "{file}:{name}"],
      checkNeeds: { debian: SINCE_250, redhat: SINCE_250, suse: SINCE_250, arch: SINCE_250 },
    },
    // An addition means something only together with its unit, and the checker cannot be given both.
    dropins: {
      paths: {
        debian: "/etc/systemd/system/{name}.d/50-school.conf",
        redhat: "/etc/systemd/system/{name}.d/50-school.conf",
        suse: "/etc/systemd/system/{name}.d/50-school.conf",
        arch: "/etc/systemd/system/{name}.d/50-school.conf",
      },
      comment: "#",
    },
  },
  activation: { how: "daemon-reload", units: {} },
  packages: { debian: ["systemd"], redhat: ["systemd"], suse: ["systemd"], arch: ["systemd"] },
  affects: [],
  replaces: { debian: [], redhat: [], suse: [], arch: [] },
  removes: { debian: [], redhat: [], suse: [], arch: [] },
};
