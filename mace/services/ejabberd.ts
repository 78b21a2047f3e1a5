// The chat server that OLPC's schools know. Nothing checks its file but ejabberd itself, when it starts. Neither Red Hat
// nor openSUSE has it among its own packages; on Arch its user has another name.
import type { Provider } from "./provider.ts";

export const ejabberd: Provider = {
  service: "ejabberd",
  about: "the chat server, ejabberd",
  confiles: {
    "": {
      paths: { debian: "/etc/ejabberd/ejabberd.yml", alpine: "/etc/ejabberd/ejabberd.yml" },
      comment: "#",
      mode: 0o640,
      group: "ejabberd",
    },
  },
  // `ejabberdctl reload_config` keeps listeners as they were.
  activation: { how: "restart", units: { debian: "ejabberd.service", alpine: "ejabberd" } },
  packages: { debian: ["ejabberd"], alpine: ["ejabberd"] },
  affects: [],
  replaces: { debian: ["/etc/ejabberd/ejabberd.yml"], alpine: ["/etc/ejabberd/ejabberd.yml"] },
  removes: {},
  variables: { debian: { EJABBERD_USER: "ejabberd" }, alpine: { EJABBERD_USER: "ejabberd" } },
};
