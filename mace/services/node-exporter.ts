// What the machine itself has to tell Prometheus: one line, @NODE_EXPORTER_ARGS@="--collector...". It has no checker.
// Fedora has /etc/default/prometheus-node-exporter, but its unit was not at hand: which variable it reads is not known.
import type { Provider } from "./provider.ts";

const FILES = {
  debian: "/etc/default/prometheus-node-exporter",
  suse: "/etc/sysconfig/prometheus-node_exporter",
  arch: "/etc/conf.d/prometheus-node-exporter",
  alpine: "/etc/conf.d/node-exporter",
};

export const nodeExporter: Provider = {
  service: "node-exporter",
  about: "measurements of the machine itself",
  confiles: { "": { paths: FILES, comment: "#" } },
  activation: {
    how: "restart",
    units: {
      debian: "prometheus-node-exporter.service",
      suse: "prometheus-node_exporter.service",
      arch: "prometheus-node-exporter.service",
      alpine: "node-exporter",
    },
  },
  packages: {
    debian: ["prometheus-node-exporter"],
    suse: ["golang-github-prometheus-node_exporter"],
    arch: ["prometheus-node-exporter"],
    alpine: ["prometheus-node-exporter"],
  },
  affects: [],
  replaces: { debian: [FILES.debian], suse: [FILES.suse], arch: [FILES.arch], alpine: [FILES.alpine] },
  removes: {},
  variables: {
    debian: { NODE_EXPORTER_ARGS: "ARGS" },
    suse: { NODE_EXPORTER_ARGS: "ARGS" },
    arch: { NODE_EXPORTER_ARGS: "NODE_EXPORTER_ARGS" },
    alpine: { NODE_EXPORTER_ARGS: "ARGS" },
  },
};
