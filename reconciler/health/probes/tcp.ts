// Whether something accepts connections at a host and port.
import net from "node:net";
import { firstErrorWords } from "../words.ts";
import type { Probe } from "../../model/health.ts";
import type { Reached } from "../../machine/machine.ts";

/** Connects and hangs up; nothing is sent. */
export async function probeTcp(probe: Extract<Probe, { type: "tcp" }>, signal: AbortSignal): Promise<Reached> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: probe.host, port: probe.port });
    const finish = (reached: Reached) => {
      signal.removeEventListener("abort", hangUp);
      socket.destroy();
      resolve(reached);
    };
    const hangUp = () => finish({ ok: false, detail: "no answer" });
    signal.addEventListener("abort", hangUp, { once: true });
    socket.on("connect", () => finish({ ok: true, detail: "" }));
    socket.on("error", (error) => finish({ ok: false, detail: firstErrorWords(error) }));
  });
}
