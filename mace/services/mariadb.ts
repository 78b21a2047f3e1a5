// The other database. Its pieces have the sections of any my.cnf: `[mysqld]` first of all.
import { everywhere, type Provider } from "./provider.ts";

export const mariadb: Provider = {
  service: "mariadb",
  about: "the database, MariaDB",
  confiles: {
    "": {
      paths: everywhere("/etc/my.cnf.d/school.cnf", { debian: "/etc/mysql/mariadb.conf.d/90-school.cnf" }),
      comment: "#",
      // It has an option that promises to validate, but that one waits for a running server and then fails.
      check: ["mariadbd", "--defaults-file={file}", "--help", "--verbose"],
      checkProgram: { redhat: "/usr/libexec/mariadbd" },
    },
  },
  activation: { how: "restart", units: everywhere("mariadb.service", { alpine: "mariadb" }) },
  packages: everywhere(["mariadb"], {
    debian: ["mariadb-server"],
    redhat: ["mariadb-server"],
  }),
  affects: [],
  replaces: {},
  removes: {},
};
