// Every service that mace knows, by the name of its directory.
import { apache } from "./apache.ts";
import { bind } from "./bind.ts";
import { chrony } from "./chrony.ts";
import { cron } from "./cron.ts";
import { cups } from "./cups.ts";
import { dhcp } from "./dhcp.ts";
import { dnsmasq } from "./dnsmasq.ts";
import { e2guardian } from "./e2guardian.ts";
import { ejabberd } from "./ejabberd.ts";
import { files } from "./files.ts";
import { hostapd } from "./hostapd.ts";
import { iptables } from "./iptables.ts";
import { kiwix } from "./kiwix.ts";
import { logrotate } from "./logrotate.ts";
import { mariadb } from "./mariadb.ts";
import { network } from "./network.ts";
import { nftables } from "./nftables.ts";
import { nginx } from "./nginx.ts";
import { nodeExporter } from "./node-exporter.ts";
import { postgresql } from "./postgresql.ts";
import { prometheus } from "./prometheus.ts";
import { prosody } from "./prosody.ts";
import type { Provider } from "./provider.ts";
import { radvd } from "./radvd.ts";
import { rsync } from "./rsync.ts";
import { samba } from "./samba.ts";
import { squid } from "./squid.ts";
import { ssh } from "./ssh.ts";
import { sugarServer } from "./sugar-server.ts";
import { sysctl } from "./sysctl.ts";
import { systemd } from "./systemd.ts";
import { unattendedUpgrades } from "./unattended-upgrades.ts";

export type Providers = ReadonlyMap<string, Provider>;

export const PROVIDERS: Providers = providerTable([
  apache,
  bind,
  chrony,
  cron,
  cups,
  dhcp,
  dnsmasq,
  e2guardian,
  ejabberd,
  files,
  hostapd,
  iptables,
  kiwix,
  logrotate,
  mariadb,
  network,
  nftables,
  nginx,
  nodeExporter,
  postgresql,
  prometheus,
  prosody,
  radvd,
  rsync,
  samba,
  squid,
  ssh,
  sugarServer,
  sysctl,
  systemd,
  unattendedUpgrades,
]);

export function providerTable(providers: readonly Provider[]): Providers {
  return new Map(providers.map((provider) => [provider.service, provider]));
}
