// Which logs are cut, when, and how many are kept. A timer or cron runs it; there is nothing to restart.
import { everywhere, type Provider } from "./provider.ts";

export const logrotate: Provider = {
  service: "logrotate",
  about: "logs that do not fill the disk",
  confiles: {
    "": {
      paths: everywhere("/etc/logrotate.d/school"),
      comment: "#",
      check: ["logrotate", "-d", "{main}"],
      // A log that nobody has written yet is no reason to refuse.
      checkMain: everywhere("missingok\ninclude {file}\n"),
      // Unknown words are told with their line and ignored, with exit code 0.
      checkRefuses: ["error: \\S+:\\d+ "],
    },
  },
  packages: everywhere(["logrotate"]),
  affects: [],
  replaces: everywhere([]),
  removes: everywhere([]),
};
