// The address of a repository, as config.yaml has it, in; where git would turn to for it out.

export type Destination =
  | { readonly type: "web"; readonly url: string; readonly host: string }
  | { readonly type: "ssh"; readonly host: string; readonly port: number }
  | { readonly type: "folder"; readonly path: string };

const SSH_PORT = 22;

/** Undefined for what is no such address; git would not be given it either. */
export function destinationOf(address: string): Destination | undefined {
  if (address.startsWith("/")) return { type: "folder", path: address };
  const scp = /^[^@/:\s]+@(\[[^\]\s]+\]|[^@/:\s[\]]+):/u.exec(address);
  if (scp !== null) return { type: "ssh", host: bare(scp[1] ?? ""), port: SSH_PORT };
  if (!URL.canParse(address)) return undefined;
  const { protocol, hostname, port, pathname } = new URL(address);
  switch (protocol) {
    case "https:":
    case "http:":
      return { type: "web", url: address, host: bare(hostname) };
    case "ssh:":
      return { type: "ssh", host: bare(hostname), port: port === "" ? SSH_PORT : Number(port) };
    case "file:":
      return { type: "folder", path: decodeURIComponent(pathname) };
    default:
      return undefined;
  }
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/gu, "");
}
