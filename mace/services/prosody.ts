// The chat server. `hosts` is included by Debian's main file; elsewhere the pieces of `main` include @PROSODY_HOSTS@.
import { everywhere, type Provider } from "./provider.ts";

// As root it would become the user prosody, who need not be able to read what is still being checked.
const CHECK = ["prosodyctl", "--root", "--config", "{main}", "check", "config"];

// The checker wants these of every server, and goes by the name of a main file, which has to end in .lua.
const MAIN_OF_HOSTS = `log = "*console"
modules_enabled = { "disco"; "roster"; "saslauth"; "tls"; }
Include "{file}"
`;

export const prosody: Provider = {
  service: "prosody",
  about: "the chat server, Prosody",
  confiles: {
    main: {
      paths: everywhere("/etc/prosody/prosody.cfg.lua"),
      comment: "--",
      // It may hold passwords.
      mode: 0o640,
      group: "prosody",
      check: CHECK,
      checkMain: everywhere('Include "{file}"\n'),
    },
    hosts: {
      paths: everywhere("/etc/prosody/conf.d/school.cfg.lua"),
      comment: "--",
      mode: 0o640,
      group: "prosody",
      check: CHECK,
      checkMain: everywhere(MAIN_OF_HOSTS),
    },
  },
  // A reload reads the files again, but neither starts new hosts nor loads new modules.
  activation: { how: "restart", units: everywhere("prosody.service", { alpine: "prosody" }) },
  packages: everywhere(["prosody"]),
  affects: [],
  replaces: everywhere(["/etc/prosody/prosody.cfg.lua"]),
  removes: {},
  // All that lie there: a main file that includes one by its name is not good before that one is.
  variables: everywhere({ PROSODY_USER: "prosody", PROSODY_HOSTS: "/etc/prosody/conf.d/*.cfg.lua" }),
};
