// The database. Debian has a cluster for each version (`cluster/15/`) and includes a directory in it; elsewhere the whole
// main file is made (`conf`), and the cluster has to be there first: initdb refuses a directory with a file in it.
import type { Provider } from "./provider.ts";

// Asked for a value, it reads the whole file and starts nothing, and `-C` in the first place works for root as well.
const QUESTION = ["-C", "max_connections", "-c", "config_file={file}"];
const NO_CLUSTER = ["-c", "data_directory=/", "-c", "hba_file=/dev/null", "-c", "ident_file=/dev/null"];

export const postgresql: Provider = {
  service: "postgresql",
  about: "the database, PostgreSQL",
  confiles: {
    cluster: {
      paths: { debian: "/etc/postgresql/{name}/main/conf.d/school.conf" },
      comment: "#",
      check: ["/usr/lib/postgresql/{name}/bin/postgres", ...QUESTION, ...NO_CLUSTER],
    },
    conf: {
      paths: {
        redhat: "/var/lib/pgsql/data/postgresql.conf",
        suse: "/var/lib/pgsql/data/postgresql.conf",
        arch: "/var/lib/postgres/data/postgresql.conf",
        alpine: "/etc/postgresql/postgresql.conf",
      },
      comment: "#",
      mode: 0o600,
      owner: "postgres",
      group: "postgres",
      check: ["postgres", ...QUESTION, ...NO_CLUSTER],
    },
  },
  // Memory and addresses are only read when it starts. On Debian this unit stands for all clusters.
  activation: {
    how: "restart",
    units: {
      debian: "postgresql.service",
      redhat: "postgresql.service",
      suse: "postgresql.service",
      arch: "postgresql.service",
      alpine: "postgresql",
    },
  },
  packages: {
    debian: ["postgresql"],
    redhat: ["postgresql-server"],
    suse: ["postgresql-server"],
    arch: ["postgresql"],
    alpine: ["postgresql"],
  },
  affects: [],
  replaces: {
    redhat: ["/var/lib/pgsql/data/postgresql.conf"],
    suse: ["/var/lib/pgsql/data/postgresql.conf"],
    arch: ["/var/lib/postgres/data/postgresql.conf"],
    alpine: ["/etc/postgresql/postgresql.conf"],
  },
  removes: {},
};
