// The part of a download that is here already: it survives a dropped line, the end of a run and a reboot.
import type { Files } from "../../../machine/machine.ts";

const LIMIT = 4096;

export interface Partial {
  /** Bytes that are on disk. */
  size(): number;
  append(bytes: Buffer): Promise<void>;
  /** What the server said of the file of which this is a part. */
  validator(): Promise<string | undefined>;
  /** Begins anew. */
  reset(validator: string | undefined): Promise<void>;
  digest(): Promise<string>;
}

/** Two files: the bytes at the path, what is known of them beside it. */
export function partialAt(files: Files, path: string): Partial {
  const note = `${path}.validator`;
  const remove = (name: string): void => {
    if (files.stat(name) !== undefined) files.unlink(name);
  };
  return {
    size: () => files.stat(path)?.size ?? 0,
    append: (bytes) => files.append(path, bytes),
    validator: async () => (files.stat(note) === undefined ? undefined : (await files.read(note, LIMIT)).toString()),
    async reset(validator) {
      // In this order, no bytes are ever taken for part of another file.
      remove(path);
      remove(note);
      if (validator !== undefined) await files.create(note, Buffer.from(validator), { mode: 0o600 });
    },
    digest: () => files.digest(path),
  };
}
