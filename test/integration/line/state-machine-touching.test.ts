// Something happens while a run changes the server, judges, walks back, recovers or keeps: all of it or none of it.
import { tryMoments } from "./state-machine.ts";

tryMoments("moments-touching", "Something happens in the middle of a stage that changes, judges, recovers or keeps", [
  "apply",
  "judge",
  "rollback",
  "recover",
  "keep",
]);
