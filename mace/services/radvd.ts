// Which IPv6 network the laptops are in, told to them by radvd.
import { everywhere, type Provider } from "./provider.ts";

export const radvd: Provider = {
  service: "radvd",
  about: "IPv6 addresses, by announcing the network",
  confiles: {
    "": {
      paths: everywhere("/etc/radvd.conf"),
      comment: "#",
      check: ["radvd", "--configtest", "-C", "{file}"],
    },
  },
  activation: { how: "reload", units: everywhere("radvd.service", { alpine: "radvd" }) },
  packages: everywhere(["radvd"]),
  affects: [],
  replaces: everywhere(["/etc/radvd.conf"], { debian: [] }),
  removes: everywhere([]),
};
