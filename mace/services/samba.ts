// Files for machines that speak SMB. The name service beside it (nmbd) reads the same file when it is next started.
import { everywhere, type Provider } from "./provider.ts";

export const samba: Provider = {
  service: "samba",
  about: "shared folders",
  confiles: {
    "": {
      paths: everywhere("/etc/samba/smb.conf"),
      comment: "#",
      check: ["testparm", "-s", "{file}"],
      // It forgives what it does not understand, and says so.
      checkRefuses: ["^Unknown parameter", "^Ignoring ", "WARNING: Ignoring"],
    },
  },
  activation: {
    how: "reload",
    units: everywhere("smb.service", { debian: "smbd.service", alpine: "samba" }),
  },
  packages: everywhere(["samba"]),
  affects: [],
  replaces: everywhere(["/etc/samba/smb.conf"]),
  removes: {},
};
