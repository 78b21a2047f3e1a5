// What the swept run goes from and to: every change there can be to a file, an item of data, and a service that has to
// read its file again.
import type { Content } from "../support/git-forge.ts";
import { NEW, OLD } from "../integration/line/two-trees.ts";
import { READER } from "./reader.ts";

type Files = Readonly<Record<string, Content>>;

/** The folders that the service is told of. */
interface Places {
  readonly root: string;
  readonly notes: string;
}

const WANTED = {
  services: { reader: { running: true, reads: ["/etc/reader.conf"], renew: "reload", settle_s: 0 } },
  data: { "/srv/books": { copy: "data/books" } },
};

const ITS_FILES = {
  "/usr/local/bin/reader": { copy: "files/reader", mode: "0755" },
  "/etc/reconciler/services/reader.yaml": { copy: "files/reader.yaml" },
  "/etc/reader.conf": { copy: "files/reader.conf" },
};

export function oldRevision(places: Places): Files {
  return revision(OLD, places, { "files/reader.conf": "old\n", "data/books/one.txt": "one\n" });
}

export function newRevision(places: Places): Files {
  const books = { "data/books/one.txt": "one, again\n", "data/books/more/two.txt": "two\n" };
  return revision(NEW, places, { "files/reader.conf": "new\n", ...books });
}

function revision(tree: Files, { root, notes }: Places, more: Files): Files {
  const { files, ...rest } = JSON.parse(tree["fleet.yaml"] as string) as { readonly files: object };
  const service = { run: ["/bin/sh", "./usr/local/bin/reader"], env: { ROOT: root, NOTES: notes }, reload: "SIGHUP" };
  return {
    ...tree,
    "fleet.yaml": JSON.stringify({ ...rest, ...WANTED, files: { ...files, ...ITS_FILES } }),
    "files/reader": READER,
    "files/reader.yaml": JSON.stringify(service),
    ...more,
  };
}
