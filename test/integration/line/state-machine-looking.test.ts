// Something happens while a run looks and thinks: nothing was touched yet.
import { tryMoments } from "./state-machine.ts";

tryMoments("moments-looking", "Something happens in the middle of a stage that looks or thinks", [
  "fetch",
  "verify",
  "read",
  "render",
  "refresh",
  "observe",
  "plan",
  "check",
]);
