// Two revisions of one school, as far apart as one commit can bring them: every kind of change is in between.
import type { Content } from "../../support/git-forge.ts";

type Files = Readonly<Record<string, Content>>;

const BINARY = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 7) % 256));

/** Removing much is meant here. */
const BRAKE = { max_removals: 1000, max_share: 1 };

function fleet(files: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ brake: BRAKE, env: { SCHOOL: "Escuela 12" }, files });
}

export const OLD: Files = {
  "fleet.yaml": fleet({
    "/etc/replaced": { copy: "files/text" },
    "/etc/replaced-too": { copy: "files/text", mode: "0600" },
    "/etc/mode": { copy: "files/same", mode: "0644" },
    "/etc/removed": { copy: "files/text" },
    "/etc/removed-too": { copy: "files/binary" },
    "/etc/link": { link: "replaced" },
    "/etc/link-removed": { link: "removed" },
    "/etc/link-to-file": { link: "mode" },
    "/etc/file-to-link": { copy: "files/text" },
    "/etc/kept": { copy: "files/same" },
    "/srv/mode": { directory: true, mode: "0700" },
    "/srv/mode/inside": { copy: "files/same" },
    "/srv/retired": { directory: true },
    "/srv/retired/one": { copy: "files/text" },
    "/srv/retired/deep/er/two": { copy: "files/text" },
    "/srv/file-to-folder": { copy: "files/text" },
    "/srv/folder-to-file": { directory: true, mode: "0750" },
    "/srv/folder-to-file/inside": { copy: "files/text" },
    "/srv/folder-to-link/inside": { copy: "files/text" },
  }),
  "files/text": "old text\n",
  "files/same": "the same\n",
  "files/binary": BINARY,
};

export const NEW: Files = {
  "fleet.yaml": fleet({
    "/etc/replaced": { copy: "files/text" },
    "/etc/replaced-too": { copy: "files/text", mode: "0640" },
    "/etc/mode": { copy: "files/same", mode: "0600" },
    "/etc/new": { copy: "files/binary" },
    "/etc/new-too": { template: "files/template" },
    "/etc/link": { link: "new" },
    "/etc/link-new": { link: "/srv/new" },
    "/etc/link-to-file": { copy: "files/text" },
    "/etc/file-to-link": { link: "mode" },
    "/etc/kept": { copy: "files/same" },
    "/srv/mode": { directory: true, mode: "0755" },
    "/srv/mode/inside": { copy: "files/same" },
    "/srv/new": { directory: true, mode: "0711" },
    "/srv/new/deep/er/one": { copy: "files/text" },
    "/srv/file-to-folder": { directory: true },
    "/srv/file-to-folder/inside": { copy: "files/text" },
    "/srv/folder-to-file": { copy: "files/text" },
    "/srv/folder-to-link": { link: "new" },
  }),
  "files/text": "new text\n",
  "files/same": "the same\n",
  "files/binary": BINARY,
  "files/template": "Welcome to @SCHOOL@\n",
};
