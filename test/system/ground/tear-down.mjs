// After the last story, however it ended: nothing of the run is left.
import { removeRun } from "./ground.mjs";

export default async function tearDown() {
  if (process.env.SCHOOL_HOSTS !== undefined) await removeRun();
}
