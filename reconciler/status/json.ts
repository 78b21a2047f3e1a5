// A Status as plain, versioned JSON for other programs; docs/json/status.schema.json describes every member.
import type { Status } from "./status.ts";

/** The shape changes in ways that break readers only together with this number. */
const STATUS_VERSION = 1;

/** Only plain values, ready for JSON.stringify. Times are Unix milliseconds. */
export function statusToJson(status: Status) {
  return { version: STATUS_VERSION, kind: "status", ...status } as const;
}
