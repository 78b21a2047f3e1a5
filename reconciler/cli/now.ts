// `reconcile --now`: one cycle, through the daemon's control socket when one runs, by itself when none does.
import { askDaemon } from "../control/client.ts";
import { CONTROL_VERSION, type NowRequest } from "../control/protocol.ts";
import type { Config } from "../config/config.ts";
import { readConfig } from "../config/read.ts";
import { realClock } from "../machine/clock.ts";
import type { Emit } from "../model/event.ts";
import type { Outcome } from "../model/outcome.ts";
import { createLog } from "../report/log.ts";
import { outcomeToJson } from "../report/outcome-json.ts";
import { wantsColour } from "../../common/colour.ts";
import type { Result } from "../../common/problem.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, sayJson, sayProblems } from "./terminal.ts";

export interface NowOptions extends CommonOptions {
  readonly detailedExitcodes?: boolean;
  readonly allowRemovals?: number;
  /** Why windows and guards are not waited for. */
  readonly reason?: string;
}

const BECAUSE = "asked for on the command line";

/** What a person agreed to, this once. */
type Agreed = Pick<NowRequest, "because" | "allowRemovals" | "regardless">;

/** Resolves with the exit code. */
export async function now(options: NowOptions): Promise<number> {
  const config = await readConfig(options.config);
  if (!config.ok) {
    sayProblems(config.problems, options.json);
    return EXIT.notSettled;
  }
  const emit: Emit = options.json ? () => undefined : log();
  const agreed = agreedIn(options);
  const request = { version: CONTROL_VERSION, verb: "now", ...agreed } as const;
  const outcome =
    (await askDaemon(config.value.control, request, emit)) ?? (await cycleAlone(config.value, agreed, emit));
  if (!outcome.ok) {
    sayProblems(outcome.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson(outcomeToJson(outcome.value));
  return exitCode(outcome.value, options.detailedExitcodes === true);
}

function agreedIn({ allowRemovals, reason }: NowOptions): Agreed {
  return {
    because: reason === undefined ? BECAUSE : `asked for without waiting for windows and guards: ${reason}`,
    ...(allowRemovals === undefined ? {} : { allowRemovals }),
    ...(reason === undefined ? {} : { regardless: true }),
  };
}

/** The house is only entered where no daemon stands in it already. */
async function cycleAlone(config: Config, agreed: Agreed, emit: Emit): Promise<Result<Outcome>> {
  const { alone } = await import("./alone.ts");
  return alone(config, agreed, emit);
}

function log(): Emit {
  return createLog({
    write: (text) => process.stdout.write(text),
    colour: wantsColour(process.stdout, process.env),
    clock: realClock,
  });
}

/** What was taken back, and what could not be, are told apart from what is not settled yet. */
function plainExitCode({ result, settled }: Outcome): number {
  if (result === "rollback_failed") return EXIT.rollbackFailed;
  if (result === "rolled_back") return EXIT.rolledBack;
  return settled ? EXIT.settled : EXIT.notSettled;
}

/** Puppet's --detailed-exitcodes are a sum: 2 for changes, 4 for failures. */
function exitCode(outcome: Outcome, detailed: boolean): number {
  if (!detailed) return plainExitCode(outcome);
  return (outcome.changes.length > 0 ? 2 : 0) + (outcome.settled ? 0 : 4);
}
