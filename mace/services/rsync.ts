// Folders that other machines may copy, by the rsync daemon. No check: it has no word for one, and ignores what it does
// not know. It reads its files anew for every connection.
import { everywhere, type Provider } from "./provider.ts";

export const rsync: Provider = {
  service: "rsync",
  about: "folders that other machines may copy",
  confiles: {
    main: { paths: everywhere("/etc/rsyncd.conf"), comment: "#" },
    // One `name:password` a line; rsync refuses a file of secrets that others may read.
    secrets: { paths: everywhere("/etc/rsyncd.secrets"), comment: "#", mode: 0o600, owner: "root", group: "root" },
  },
  // Its port and address are only read when it starts.
  activation: {
    how: "restart",
    units: everywhere("rsyncd.service", { debian: "rsync.service", alpine: "rsyncd" }),
  },
  packages: everywhere(["rsync"], { redhat: ["rsync", "rsync-daemon"], alpine: ["rsync", "rsync-openrc"] }),
  affects: [],
  replaces: everywhere(["/etc/rsyncd.conf"], {
    debian: [],
    suse: ["/etc/rsyncd.conf", "/etc/rsyncd.secrets"],
  }),
  removes: everywhere([]),
};
