// The port one would like in, one that can be had out.
import { createServer } from "node:net";

/** That very port, or 0 (which takes any) when somebody else listens there. */
export function freePort(host: string, port: number): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", () => resolve(0));
    server.listen(port, host, () => server.close(() => resolve(port)));
  });
}
