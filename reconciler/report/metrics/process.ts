// The process's own metrics, as prom-client collects them, without those that cost or mislead.
import { collectDefaultMetrics, type Registry } from "prom-client";

/** A list of what stays: what a new version of the library adds is not exported before it is documented. */
const PROCESS_METRICS = [
  "process_cpu_user_seconds_total",
  "process_cpu_system_seconds_total",
  "process_cpu_seconds_total",
  "process_start_time_seconds",
  "process_resident_memory_bytes",
  "process_virtual_memory_bytes",
  "process_heap_bytes",
  "process_open_fds",
  "process_max_fds",
  "nodejs_eventloop_lag_seconds",
  "nodejs_heap_size_total_bytes",
  "nodejs_heap_size_used_bytes",
  "nodejs_external_memory_bytes",
  "nodejs_version_info",
];

/** The lag is measured when it is asked for; the library's sampling in between would wake a small computer for nothing. */
const SAMPLE_EVERY_MS = 3_600_000;

export function collectProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: SAMPLE_EVERY_MS });
  for (const { name } of registry.getMetricsAsArray()) {
    if (/^(process|nodejs)_/.test(name) && !PROCESS_METRICS.includes(name)) registry.removeSingleMetric(name);
  }
}
