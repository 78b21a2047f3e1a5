// What a scene of the story is.
import type { RunResult } from "../../model/outcome.ts";
import type { Before, Ran, School } from "../school.ts";

/** Between what happens and what came of it, `reconcile --now` runs once. */
export interface Scene {
  /** What happens, in a sentence. */
  readonly title: string;
  /** Makes it happen; nothing does when left out. */
  readonly happens?: (school: School) => Promise<void>;
  readonly result: RunResult;
  /** Whether the exit code says that all is well. */
  readonly settled: boolean;
  /** What came of it, in a sentence; a Deviation when that is not what should have. */
  readonly came: (school: School, ran: Ran, before: Before) => Promise<string>;
}

export const SCHOOL = "schools/escuela-12.yaml";
