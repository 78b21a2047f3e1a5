// dnf for real, in roots of its own, against a repository built here.
import { dnf } from "../../../reconciler/resources/managers/dnf/dnf.ts";
import { tellStory } from "./rpm-story.ts";

tellStory({
  manager: dnf,
  program: "dnf-3",
  repositories: "/etc/yum.repos.d",
  pidFile: "/var/lib/dnf/rpmdb_lock.pid",
  // Scriptlets run inside dnf itself.
  killed: (pid) => [pid],
});
