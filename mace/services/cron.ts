// Tasks by the clock, in the system form with a user in the sixth column. The daemon notices new files by itself. No
// program checks a file of this form: `crontab -T` knows only the form without a user.
import { everywhere, type Provider } from "./provider.ts";

export const cron: Provider = {
  service: "cron",
  about: "tasks by the clock",
  // Debian's cron skips names with a dot in them (cron: cron(8)).
  confiles: { "": { paths: everywhere("/etc/cron.d/school"), comment: "#" } },
  packages: everywhere(["cronie"], { debian: ["cron"] }),
  affects: [],
  replaces: everywhere([]),
  removes: everywhere([]),
};
