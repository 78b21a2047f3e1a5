// A gateway made of the templates, with all its services running, between a laptop and the world. Root is needed for it.
import { join } from "node:path";
import { expect } from "@jest/globals";
import { build } from "esbuild";
import { missingPrograms } from "../../support/needs.ts";
import { type Answer, bundleMace } from "./program.ts";
import { bootServer, OBSTACLE, type TriedServer } from "./tried-server.ts";

export interface School {
  readonly server: TriedServer;
  /** Runs mace on the server with one of the examples. */
  mace(verb: string, example: string, ...options: readonly string[]): Answer;
  /** What a client on that side of the server sees: see school-clients.ts. */
  from(side: "itself" | "laptop" | "world", ...words: readonly string[]): unknown;
  /** Looks again and again, for half a minute. */
  until(look: () => unknown, wanted: unknown): Promise<void>;
  stop(): Promise<void>;
}

const EXAMPLES = join(import.meta.dirname, "../../../templates/examples");

/** The world at 203.0.113.1, the server at 203.0.113.5 and where the templates say, and a laptop at 172.18.97.7. */
const WIRES = `
  mount -t sysfs -o ro none /sys
  ip netns add world
  ip netns add laptop
  ip link add eth0 type veth peer name eth0 netns world
  ip link add eth1 type veth peer name eth0 netns laptop
  ip addr add 203.0.113.5/24 dev eth0
  ip -n world addr add 203.0.113.1/24 dev eth0
  ip -n laptop addr add 172.18.97.7/19 dev eth0
  ip link set eth0 up
  for side in world laptop; do ip -n $side link set lo up; ip -n $side link set eth0 up; done
  ip -n laptop route add default via 172.18.96.1
`;

/** What Debian's own units and packages would have made, pages in the world, and a book. */
const FOLDERS = `
  mkdir -p /run/sshd /run/lock /run/kiwix /run/systemd/network /run/systemd/netif/{links,leases,lldp} /srv/library/books
  chown -R systemd-network:systemd-network /run/systemd/netif
  install -d -o prosody -g prosody /run/prosody
  install -d -o prometheus -g prometheus /var/lib/prometheus /var/lib/prometheus/agent
  ssh-keygen -A
  echo "nameserver 127.0.0.1" >/etc/resolv.conf
  echo "127.0.1.1 schoolserver" >>/etc/hosts
  printf '#!/bin/sh\n[ "$1" = deconfig ] || echo "$router $dns $ntpsrv"\n' >/root/lease && chmod +x /root/lease
  echo "203.0.113.1 lessons.example games.adverts.example lessons.adverts.example" >>/etc/hosts
  mkdir /root/book && cd /root/book && echo "<title>Atlas</title><p>Rivers and mountains</p>" >index.html
  base64 -d >icon.png <<<iVBORw0KGgoAAAANSUhEUgAAADAAAAAwAQMAAABtzGvEAAAAA1BMVEUAAACnej3aAAAADUlEQVQYGWMYBYMTAAABsAABeXMWAAAAAABJRU5ErkJggg==
  zimwriterfs --welcome=index.html --illustration=icon.png --language=eng --title=Atlas --description=Atlas \\
    --longDescription=Atlas --creator=school --publisher=school --name=atlas . /srv/library/books/atlas.zim
`;

/** What this machine lacks for it, if anything. */
export function findSchoolObstacle(): string | undefined {
  const daemons = ["dnsmasq", "squid", "nginx", "prosody", "kiwix-serve", "prometheus", "prometheus-node-exporter"];
  const checkers = ["chronyd", "logrotate", "nft", "promtool", "prosodyctl", "sshd"];
  const tools = ["busybox", "ip", "nsenter", "openssl", "runuser", "unshare", "zimwriterfs"];
  return missingPrograms(...daemons, ...checkers, ...tools) ?? OBSTACLE;
}

export async function bootSchool(): Promise<School> {
  const program = await bundleMace();
  const clients = join(program.folder, "clients.js");
  const entryPoints = [new URL("./school-clients.ts", import.meta.url).pathname];
  await build({ entryPoints, outfile: clients, bundle: true, format: "esm", platform: "node", logLevel: "error" });
  const server = await bootServer(WIRES + FOLDERS);
  const school: School = {
    server,
    mace(verb, example, ...options) {
      const words = [verb, join(EXAMPLES, `${example}.env`), "--family", "debian", ...options];
      return server.run([process.execPath, join(program.folder, "dist/mace.js"), ...words]);
    },
    from(side, ...words) {
      const there = side === "itself" ? [] : ["ip", "netns", "exec", side];
      const { out, err } = server.run([...there, process.execPath, clients, ...words]);
      const answer: unknown = out === "" ? err : JSON.parse(out);
      return answer;
    },
    until: (look, wanted) => until(look, wanted, server),
    async stop() {
      await server.stop();
      program.remove();
    },
  };
  expect(school.mace("apply", "gateway")).toMatchObject({ code: 0 });
  startServices(server, ["ip", "netns", "exec", "world", process.execPath, clients, "serve", "8000"]);
  return school;
}

async function until(look: () => unknown, wanted: unknown, server: TriedServer): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 200))) {
    try {
      expect(look()).toEqual(wanted);
      return;
    } catch {
      // Not yet.
    }
  }
  expect([look(), server.said()]).toEqual([wanted, ""]);
}

/** Each in the way of Debian's unit. */
function startServices(server: TriedServer, world: readonly string[]): void {
  expect(server.run(["nft", "-f", "/etc/nftables.conf"])).toMatchObject({ code: 0, err: "" });
  // Only of the network: other settings of the kernel are those of the real machine.
  expect(server.run(["/lib/systemd/systemd-sysctl", "--prefix=/net", "/etc/sysctl.d/90-school.conf"]).code).toBe(0);
  const shell = (line: string): void => {
    server.start(["bash", "-c", line]);
  };
  server.start(world);
  server.start(["/lib/systemd/systemd-networkd"]);
  server.start(["/usr/sbin/sshd", "-D"]);
  server.start(["dnsmasq", "--keep-in-foreground", "--conf-dir=/etc/dnsmasq.d,.dpkg-dist"]);
  server.start(["nginx", "-g", "daemon off;"]);
  shell("squid -z -N && exec squid -N");
  shell(`${before(server, "prosody.service.d/50-school.conf")} && exec runuser -u prosody -- prosody -F`);
  shell(". /etc/default/prometheus-node-exporter; exec prometheus-node-exporter $ARGS");
  shell(". /etc/default/prometheus; exec prometheus $ARGS");
  const kiwix = /^ExecStart=(.*)$/m.exec(unit(server, "kiwix.service"))?.[1] ?? "false";
  shell(`export BOOKS=/srv/library/books; ${before(server, "kiwix.service")}; exec ${kiwix}`);
}

/** The shell line of a unit's ExecStartPre, as systemd would hand it to the shell. */
function before(server: TriedServer, name: string): string {
  const [, line = "false"] = /^ExecStartPre=\+?\/bin\/sh -c '(.*)'$/m.exec(unit(server, name)) ?? [];
  return `(${line.replaceAll("$$", "$")})`;
}

function unit(server: TriedServer, name: string): string {
  return server.run(["cat", `/etc/systemd/system/${name}`]).out;
}
