// Any file at all: files.d/<path on the server>/<piece>.conf. Its syntax is unknown, so mace adds nothing to it.
import { everywhere, type Provider } from "./provider.ts";

export const files: Provider = {
  service: "files",
  about: "any file, by its path on the server",
  confiles: { "": { paths: everywhere("/{path}") } },
  packages: everywhere([]),
  affects: [],
  // What it replaces is what its sources name.
  replaces: everywhere([]),
  removes: everywhere([]),
};
