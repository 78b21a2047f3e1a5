// The same as lost-writes-ordered.test.ts on a disk that keeps any of the changes to names that were not synced.
import { test } from "@jest/globals";
import { tryHistories } from "./lost-writes.ts";

test("every crash leads to the old tree or the new one, nothing by hand is lost, and the end is what git wants", async () => {
  await tryHistories("reordered", "keeps any part of what was not synced");
}, 1_000_000);
