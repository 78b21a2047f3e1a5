// Any history of commits, hands and power cuts, on a disk that keeps the order in which names were changed.
import { test } from "@jest/globals";
import { tryHistories } from "./lost-writes.ts";

test("every crash leads to the old tree or the new one, nothing by hand is lost, and the end is what git wants", async () => {
  await tryHistories("ordered", "keeps the order of what it loses");
}, 1_000_000);
