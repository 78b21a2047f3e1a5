// Before the first story: what died runs left is removed, and the tree is built. The stories find it by the environment.
import { layGround, removeLeftovers, removeRun, runId } from "./ground.mjs";

export default async function setUp() {
  if (process.getuid?.() !== 0) return; // The stories say so themselves.
  try {
    await removeLeftovers();
    process.env.SCHOOL_HOSTS = await layGround();
    process.env.SCHOOL_HOSTS_RUN = runId;
  } catch (error) {
    await removeRun();
    process.env.SCHOOL_HOSTS_FAULT = error.stderr?.trim() || error.message;
  }
}
