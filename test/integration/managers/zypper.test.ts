// zypper for real, in roots of its own, against a repository built here.
import { zypper } from "../../../reconciler/resources/managers/zypper/zypper.ts";
import { tellStory } from "./rpm-story.ts";

tellStory({
  manager: zypper,
  program: "zypper",
  repositories: "/etc/zypp/repos.d",
  pidFile: "/run/zypp.pid",
  // Scriptlets run inside rpm, which zypper started; zypper first, so that it does not see the other's end.
  killed: (pid, parent) => [parent, pid],
});
