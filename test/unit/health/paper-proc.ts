// Texts of files and targets of links in, a server's files as the probes read them out.
import { FileError, type FileReader } from "../../../reconciler/machine/machine.ts";

type Texts = Readonly<Record<string, string>>;

export function paperFiles(texts: Texts, links: Texts = {}): Pick<FileReader, "read" | "list" | "readLink" | "stat"> {
  const paths = [...Object.keys(texts), ...Object.keys(links)];
  const absent = (operation: string, path: string) => new FileError("ENOENT", operation, path);
  return {
    stat: () => undefined,
    async read(path) {
      const text = texts[path];
      if (text === undefined) throw absent("read", path);
      return Buffer.from(text);
    },
    list(path) {
      const below = paths.filter((each) => each.startsWith(`${path}/`)).map((each) => each.slice(path.length + 1));
      if (below.length === 0) throw absent("list", path);
      return [...new Set(below.map((each) => each.split("/")[0] ?? ""))];
    },
    readLink(path) {
      const target = links[path];
      if (target === undefined) throw absent("read link", path);
      return target;
    },
  };
}

export function routeOfFour(...lines: readonly string[]): string {
  return ["Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT", ...lines, ""].join("\n");
}

/** With a local network, an address of its own, a gateway, and the route of last resort. */
export const routesOfSix = `fd000000000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 fd000000000000000000000000000001 00000400 00000003 00000000 00000003     eth0
fd000000000000000000000000000002 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000004 00000000 80200001     eth0
00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
`;

type Socket = readonly [local: string, other: string, state: string, inode: number];

/** A table of sockets as the kernel lays it out. */
export function socketLine(...sockets: readonly Socket[]): string {
  const rows = sockets.map(
    ([local, other, state, inode], n) =>
      `   ${n}: ${local} ${other} ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1 00000000c93dfa8d 100 0 0 10 0\n`,
  );
  return `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n${rows.join("")}`;
}
