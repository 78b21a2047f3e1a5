// A merged entry of `health:` in; a HealthCheck, or why it checks nothing, out.
import { refuse, succeed } from "../../../common/problem.ts";
import type { Result, Where } from "../../../common/problem.ts";
import type { HealthCheck, Probe } from "../../model/health.ts";
import { hostAndPort, misfits } from "../rules/health.ts";
import type { WrittenHealthCheck } from "../written.ts";

const DEFAULT_GRACE_S = 10;
const DEFAULT_TIMEOUT_S = 5;
const DEFAULT_STATUS = 200;

export function toHealthCheck(name: string, written: WrittenHealthCheck, where: Where): Result<HealthCheck> {
  const probe = probeOf(written);
  if (probe === undefined) {
    const hint = "write one of file, http, tcp, dns and exec, or take the check out";
    return refuse({ code: "no-probe", where, what: "this health check does not say what to check", hint });
  }
  const idle = misfits(written);
  if (idle.length > 0)
    return refuse(...idle.map(({ code, what, ...rest }) => ({ code, where, what, hint: rest.hint ?? "" })));
  const timeoutMs = Math.round((written.timeout_s ?? DEFAULT_TIMEOUT_S) * 1000);
  const graceMs = Math.round((written.grace_s ?? DEFAULT_GRACE_S) * 1000);
  return succeed({ name, level: written.level ?? "required", probe, timeoutMs, graceMs });
}

function probeOf({ file, http, tcp, dns, exec, ...beside }: WrittenHealthCheck): Probe | undefined {
  const contains = beside.contains ? { contains: beside.contains } : {};
  if (file) return { type: "file", path: file, ...contains };
  if (http) return { type: "http", url: http, status: beside.status ?? DEFAULT_STATUS, ...contains };
  if (dns) return { type: "dns", name: dns, ...(beside.server ? { server: beside.server } : {}) };
  if (exec) return { type: "exec", argv: exec };
  const address = tcp ? hostAndPort(tcp) : undefined;
  return address && { type: "tcp", ...address };
}
