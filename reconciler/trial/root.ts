// The path of a root that is to be in; a root with what a machine has before any fleet cares for it out.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SUPERVISED_SERVICES } from "../resources/supervisors/embedded-protocol.ts";

/** Two users and their groups, as on every machine; nobody can log in. */
const ACCOUNTS: readonly (readonly [file: string, text: string, mode: number])[] = [
  ["passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n", 0o644],
  ["group", "root:x:0:\nnogroup:x:65534:\n", 0o644],
  ["shadow", "root:*:::::::\nnobody:*:::::::\n", 0o600],
  ["gshadow", "root:*::\nnogroup:*::\n", 0o600],
];

/** Whoever starts `reconcile supervise` has its services looked after; until then it is only noted which are to start. */
export async function makeRoot(root: string): Promise<void> {
  const etc = join(root, "etc");
  await mkdir(root, { mode: 0o755 });
  await mkdir(etc, { mode: 0o755 });
  for (const [file, text, mode] of ACCOUNTS) await writeFile(join(etc, file), text, { flag: "wx", mode });
  await mkdir(join(root, SUPERVISED_SERVICES), { recursive: true, mode: 0o755 });
}
