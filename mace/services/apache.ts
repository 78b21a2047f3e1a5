// The other web server. `modules` is one line a module, `rewrite_module mod_rewrite.so`; add only what the distribution
// does not load already. Arch includes no directory, so there the main file has to be made with files.d.
import type { Confile, PerFamily, Provider } from "./provider.ts";

// Of the distribution's own configuration the modules, but not ours, which may name a module that has left since.
const START = "ServerName localhost\nErrorLog /dev/stderr\n";
const DEBIAN = `${START}ServerRoot /etc/apache2\nIncludeOptional mods-enabled/[!z]*.load\n`;
const REDHAT = `${START}ServerRoot /etc/httpd\nIncludeOptional conf.modules.d/[!z]*.conf\n`;
const SUSE = `${START}ServerRoot /srv/www\nInclude /etc/apache2/loadmodule.conf\n`;
// Its main file loads the modules itself, so there is no taking them apart.
const ALPINE = "Include /etc/apache2/httpd.conf\n";

const CHECKED: Omit<Confile, "paths"> = {
  comment: "#",
  check: ["apache2ctl", "-t", "-f", "{main}"],
  checkProgram: { redhat: "httpd", suse: "httpd", alpine: "httpd" },
};

export const apache: Provider = {
  service: "apache",
  about: "the web server, Apache",
  confiles: {
    modules: {
      paths: {
        debian: "/etc/apache2/mods-enabled/zz-school.load",
        redhat: "/etc/httpd/conf.modules.d/zz-school.conf",
        suse: "/etc/apache2/conf.d/00-school-modules.conf",
        alpine: "/etc/apache2/conf.d/00-school-modules.conf",
      },
      ...CHECKED,
      checkMain: mainWith(),
      // Relative to the server root. openSUSE has a directory for each way of working; prefork is the usual one.
      line: {
        debian: "LoadModule {1} /usr/lib/apache2/modules/{2}",
        redhat: "LoadModule {1} modules/{2}",
        suse: "LoadModule {1} /usr/lib64/apache2-prefork/{2}",
        alpine: "LoadModule {1} modules/{2}",
      },
    },
    conf: {
      paths: {
        debian: "/etc/apache2/conf-enabled/school.conf",
        redhat: "/etc/httpd/conf.d/school.conf",
        suse: "/etc/apache2/conf.d/school.conf",
        alpine: "/etc/apache2/conf.d/school.conf",
      },
      ...CHECKED,
      checkMain: mainWith("modules"),
    },
    vhosts: {
      // The first site answers to unknown names; on Red Hat and Alpine that is the first one in conf.d.
      paths: {
        debian: "/etc/apache2/sites-enabled/00-school.conf",
        redhat: "/etc/httpd/conf.d/school.vhosts.conf",
        suse: "/etc/apache2/vhosts.d/school.conf",
        alpine: "/etc/apache2/conf.d/school.vhosts.conf",
      },
      ...CHECKED,
      checkMain: mainWith("modules", "conf"),
    },
  },
  activation: {
    how: "reload",
    units: { debian: "apache2.service", redhat: "httpd.service", suse: "apache2.service", alpine: "apache2" },
  },
  packages: { debian: ["apache2"], redhat: ["httpd"], suse: ["apache2"], alpine: ["apache2"] },
  affects: [],
  replaces: {},
  // Without a ServerName it answers to the server's own name, before any site of ours.
  removes: { debian: ["/etc/apache2/sites-enabled/000-default.conf"] },
  variables: {
    // The checker refuses a log in a directory that is not there; these are.
    debian: { APACHE_USER: "www-data", APACHE_LOGS: "/var/log/apache2" },
    redhat: { APACHE_USER: "apache", APACHE_LOGS: "/var/log/httpd" },
    suse: { APACHE_USER: "wwwrun", APACHE_LOGS: "/var/log/apache2" },
    alpine: { APACHE_USER: "apache", APACHE_LOGS: "/var/log/apache2" },
  },
};

/** A main configuration with the distribution's modules, other files of ours if they are there, and the file itself. */
function mainWith(...others: readonly string[]): PerFamily<string> {
  const lines = [...others.map((name) => `IncludeOptional {${name}}`), "Include {file}", ""].join("\n");
  return { debian: DEBIAN + lines, redhat: REDHAT + lines, suse: SUSE + lines, alpine: ALPINE + lines };
}
