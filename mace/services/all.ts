// Every service that mace knows, by the name of its directory.
import { bind } from "./bind.ts";
import { chrony } from "./chrony.ts";
import { cron } from "./cron.ts";
import { dhcp } from "./dhcp.ts";
import { dnsmasq } from "./dnsmasq.ts";
import { files } from "./files.ts";
import { iptables } from "./iptables.ts";
import { nftables } from "./nftables.ts";
import { nginx } from "./nginx.ts";
import type { Provider } from "./provider.ts";
import { squid } from "./squid.ts";
import { ssh } from "./ssh.ts";
import { sysctl } from "./sysctl.ts";

export type Providers = ReadonlyMap<string, Provider>;

export const PROVIDERS: Providers = providerTable([
  bind,
  chrony,
  cron,
  dhcp,
  dnsmasq,
  files,
  iptables,
  nftables,
  nginx,
  squid,
  ssh,
  sysctl,
]);

export function providerTable(providers: readonly Provider[]): Providers {
  return new Map(providers.map((provider) => [provider.service, provider]));
}
