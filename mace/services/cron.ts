// Tasks by the clock, in the system form with a user in the sixth column. The daemon notices new files by itself.
import { everywhere, type Provider } from "./provider.ts";

export const cron: Provider = {
  service: "cron",
  about: "tasks by the clock",
  confiles: { "": { paths: everywhere("/etc/cron.d/school"), comment: "#" } },
  packages: everywhere(["cronie"], { debian: ["cron"] }),
  affects: [],
};
