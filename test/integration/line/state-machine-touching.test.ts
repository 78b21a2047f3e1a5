// Something happens while a run changes the server, judges, walks back, recovers or keeps: all of it or none of it.
import { tryMoments } from "./state-machine.ts";

tryMoments(["apply", "judge", "rollback", "recover", "keep"]);
