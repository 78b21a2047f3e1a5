import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";

import { freePort } from "../../../reconciler/demo/free-port.ts";

test("a port that somebody listens on is left alone, and taken when it is free", async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  expect(await freePort("127.0.0.1", port)).toBe(0);
  await new Promise((resolve) => other.close(resolve));
  expect(await freePort("127.0.0.1", port)).toBe(port);
});
