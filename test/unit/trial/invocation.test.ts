import { expect, test } from "@jest/globals";

import { invocation } from "../../../reconciler/trial/invocation.ts";

test.each([
  ["/usr/bin/reconcile", "/usr/local/bin:/usr/bin", "reconcile"],
  ["/opt/kit/bin/reconcile", "/usr/bin", "/opt/kit/bin/reconcile"],
  ["/srv/kit/dist/reconcile.js", "/usr/bin", "node /srv/kit/dist/reconcile.js"],
  ["/srv/my kit/dist/reconcile.js", "/usr/bin", "node '/srv/my kit/dist/reconcile.js'"],
])("%s with PATH=%s is called again as %s", (script, path, words) => {
  expect(invocation(script, path)).toBe(words);
});
