// When a source last answered and what time it is in, how old its data is out: for people, metrics and alerts.
import type { Item } from "./item.ts";

/**
 * Milliseconds since the source last said that this is what it has (content that git names by its digest: since it was
 * first named). Undefined when nobody knows: it never answered, or the clock is earlier than it was then.
 */
export function ageOf({ answeredAt }: Pick<Item, "answeredAt">, nowMs: number | undefined): number | undefined {
  return nowMs === undefined || answeredAt === undefined || answeredAt > nowMs ? undefined : nowMs - answeredAt;
}

/** Never by a clock that went back, or that is not believed (then `nowMs` is undefined). */
export function isStale(
  item: Pick<Item, "answeredAt">,
  maxAgeMs: number | undefined,
  nowMs: number | undefined,
): boolean {
  const age = ageOf(item, nowMs);
  return maxAgeMs !== undefined && age !== undefined && age > maxAgeMs;
}
