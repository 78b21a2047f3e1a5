// Measurements over time. `main` is for a server, `agent` for one that only sends on what it measures (remote write):
// `options` then says so, @PROMETHEUS_ARGS@="--enable-feature=agent --config.file=@PROMETHEUS_AGENT@
// --storage.agent.path=/var/lib/prometheus/agent". `rules/<name>/` are files that `main` names, @PROMETHEUS_RULES@/*.yml.
import type { Activation, Provider } from "./provider.ts";

const MAIN = "/etc/prometheus/prometheus.yml";
const RULES = "/etc/prometheus/rules";
const AGENT = "/etc/prometheus/agent.yml";

const RESTART: Activation = {
  how: "restart",
  units: {
    debian: "prometheus.service",
    suse: "prometheus.service",
    arch: "prometheus.service",
    alpine: "prometheus",
  },
};

export const prometheus: Provider = {
  service: "prometheus",
  about: "measurements over time",
  confiles: {
    main: {
      paths: { debian: MAIN, redhat: MAIN, suse: MAIN, arch: MAIN, alpine: MAIN },
      comment: "#",
      check: ["promtool", "check", "config", "{file}"],
    },
    // The units of Arch and Alpine have options of a server in them, with which an agent does not start.
    agent: {
      paths: { debian: AGENT, suse: AGENT },
      comment: "#",
      check: ["promtool", "check", "config", "--agent", "{file}"],
    },
    rules: {
      paths: {
        debian: `${RULES}/{name}.yml`,
        redhat: `${RULES}/{name}.yml`,
        suse: `${RULES}/{name}.yml`,
        arch: `${RULES}/{name}.yml`,
        alpine: `${RULES}/{name}.yml`,
      },
      comment: "#",
      check: ["promtool", "check", "rules", "{file}"],
    },
    // Without a checker.
    options: {
      paths: {
        debian: "/etc/default/prometheus",
        suse: "/etc/sysconfig/prometheus",
        arch: "/etc/conf.d/prometheus",
        alpine: "/etc/conf.d/prometheus",
      },
      comment: "#",
      activation: RESTART,
    },
  },
  activation: { how: "reload", units: { ...RESTART.units, redhat: "prometheus.service" } },
  packages: {
    debian: ["prometheus"],
    redhat: ["prometheus"],
    suse: ["golang-github-prometheus-prometheus"],
    arch: ["prometheus"],
    alpine: ["prometheus"],
  },
  affects: [],
  replaces: {
    debian: [MAIN, "/etc/default/prometheus"],
    redhat: [MAIN],
    suse: [MAIN, "/etc/sysconfig/prometheus"],
    arch: [MAIN, "/etc/conf.d/prometheus"],
    alpine: [MAIN, "/etc/conf.d/prometheus"],
  },
  removes: {},
  // The variable in which the unit looks for options has three names.
  variables: {
    debian: { PROMETHEUS_ARGS: "ARGS", PROMETHEUS_RULES: RULES, PROMETHEUS_AGENT: AGENT },
    redhat: { PROMETHEUS_RULES: RULES },
    suse: { PROMETHEUS_ARGS: "ARGS", PROMETHEUS_RULES: RULES, PROMETHEUS_AGENT: AGENT },
    arch: { PROMETHEUS_ARGS: "PROMETHEUS_ARGS", PROMETHEUS_RULES: RULES },
    alpine: { PROMETHEUS_ARGS: "prometheus_args", PROMETHEUS_RULES: RULES },
  },
};
