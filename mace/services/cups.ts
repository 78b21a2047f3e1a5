// Printers. Its own web page writes the same file: what is changed there is put right at the next run.
import { everywhere, type Provider } from "./provider.ts";

export const cups: Provider = {
  service: "cups",
  about: "printers",
  confiles: {
    "": {
      paths: everywhere("/etc/cups/cupsd.conf"),
      comment: "#",
      check: ["cupsd", "-t", "-c", "{file}"],
      // Most of what it complains about it accepts all the same.
      checkRefuses: [" on line [0-9]+ of "],
    },
  },
  activation: { how: "restart", units: everywhere("cups.service", { alpine: "cupsd" }) },
  packages: everywhere(["cups"]),
  affects: [],
  replaces: everywhere(["/etc/cups/cupsd.conf"]),
  removes: {},
};
