// The web server. nginx checks only its whole configuration, never one file of it. On Arch the main file must be told
// to include conf.d.
import { everywhere, type Provider } from "./provider.ts";

export const nginx: Provider = {
  service: "nginx",
  about: "the web server",
  confiles: {
    "": {
      paths: everywhere("/etc/nginx/conf.d/school.conf", { alpine: "/etc/nginx/http.d/school.conf" }),
      comment: "#",
    },
  },
  activation: { how: "reload", units: everywhere("nginx.service", { alpine: "nginx" }) },
  packages: everywhere(["nginx"]),
  affects: [],
};
