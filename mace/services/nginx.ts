// The web server. The pieces belong into its `http` block; in a piece, files to include are named by their whole path.
// On Arch the main file must be told to include conf.d.
import { everywhere, type Provider } from "./provider.ts";

const MAIN = `pid /dev/null;
error_log stderr;
events {}
http {
  include /etc/nginx/mime.types;
  access_log off;
  include {file};
}
`;

export const nginx: Provider = {
  service: "nginx",
  about: "the web server",
  confiles: {
    "": {
      paths: everywhere("/etc/nginx/conf.d/school.conf", { alpine: "/etc/nginx/http.d/school.conf" }),
      comment: "#",
      // Opens log files that the pieces name, so it wants to be root.
      check: ["nginx", "-t", "-c", "{main}"],
      checkAsRoot: true,
      checkMain: everywhere(MAIN),
    },
  },
  // A reload of nginx reports success although it could not bind a port, keeps the old configuration, and dies later.
  activation: { how: "restart", units: everywhere("nginx.service", { alpine: "nginx" }) },
  packages: everywhere(["nginx"]),
  affects: [],
  replaces: {},
  // Both say default_server for port 80, and there can be only one.
  removes: { debian: ["/etc/nginx/sites-enabled/default"], alpine: ["/etc/nginx/http.d/default.conf"] },
  variables: {
    debian: { NGINX_USER: "www-data" },
    redhat: { NGINX_USER: "nginx" },
    suse: { NGINX_USER: "nginx" },
    arch: { NGINX_USER: "http" },
    alpine: { NGINX_USER: "nginx" },
  },
};
