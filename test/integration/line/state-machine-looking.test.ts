// Something happens while a run looks and thinks: nothing was touched yet.
import { tryMoments } from "./state-machine.ts";

tryMoments(["fetch", "verify", "read", "render", "refresh", "observe", "plan", "check"]);
