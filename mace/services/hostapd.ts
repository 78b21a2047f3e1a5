// The school's own Wi-Fi. No check: hostapd has no word for one, and without the radio it refuses good files as well.
import { everywhere, type Provider } from "./provider.ts";

export const hostapd: Provider = {
  service: "hostapd",
  about: "the access point of the school's Wi-Fi",
  confiles: {
    "": {
      paths: everywhere("/etc/hostapd/hostapd.conf", { suse: "/etc/hostapd.conf" }),
      comment: "#",
      // The passphrase is in it.
      mode: 0o600,
    },
  },
  // Debian masks the service when it is installed before this file is there (hostapd.postinst): unmask it once then.
  activation: { how: "reload", units: everywhere("hostapd.service", { alpine: "hostapd" }) },
  packages: everywhere(["hostapd"]),
  // dhcpd does not serve an interface that came up after it.
  affects: ["dhcp"],
  replaces: everywhere(["/etc/hostapd/hostapd.conf"], { debian: [], suse: ["/etc/hostapd.conf"] }),
  removes: everywhere([]),
};
