// The services for Sugar's laptops. The program is yet to come: this is the place of its configuration, without a checker.
import { everywhere, type Provider } from "./provider.ts";

export const sugarServer: Provider = {
  service: "sugar-server",
  about: "registration, backup and leases for laptops",
  confiles: { "": { paths: everywhere("/etc/sugar-server/school.conf"), comment: "#" } },
  activation: { how: "reload", units: everywhere("sugar-server.service", { alpine: "sugar-server" }) },
  packages: everywhere([]),
  affects: [],
  replaces: {},
  removes: {},
};
