// The verbs that only look, as words for the command line; each one's code is loaded when it is asked for.
import { Argument, type Command } from "commander";
import type { CheckOptions } from "./check.ts";
import type { HistoryOptions } from "./history.ts";
import type { CommonOptions } from "./options.ts";
import type { PlanOptions } from "./plan.ts";
import { example, wholeNumber } from "./words.ts";

/** `verb` makes a command with the options that every verb of a server has; `exit` takes the exit code. */
export function addLooking(
  program: Command,
  verb: (name: string, description: string) => Command,
  exit: (code: number) => void,
): void {
  verb("plan", "what the next cycle would change, and why; touches nothing (exit 0 nothing, 2 changes, 1 problems)")
    .option("--revision <rev>", "for this commit instead of what git wants (its id, also abbreviated)")
    .option("--no-fetch", "plan from what was fetched before")
    .addHelpText("after", example("reconcile plan --no-fetch", "every change with its reason, its diff and its source"))
    .action(async (options: PlanOptions) => {
      const { plan } = await import("./plan.ts");
      exit(await plan(options));
    });
  verb("status", "what runs, what git wants, why they differ, and who has to act (exit 0 settled, 1 not)")
    .addHelpText("after", example("reconcile status", "answers also when no daemon runs, or while a cycle does"))
    .action(async (options: CommonOptions) => {
      const { status } = await import("./status.ts");
      exit(await status(options));
    });
  verb("graph", "what on this server needs what, in the order in which it is made (exit 0 told, 1 not)")
    .addHelpText("after", example("reconcile graph", "accounts, packages, files, data and services, with their needs"))
    .action(async (options: CommonOptions) => {
      const { graph } = await import("./graph.ts");
      exit(await graph(options));
    });
  verb("history", "the last runs, newest first")
    .option("-n, --number <n>", "how many", wholeNumber, 20)
    .addHelpText("after", example("reconcile history -n 5", "time, result, duration, changes, revision, first problem"))
    .action(async (options: HistoryOptions) => {
      const { history } = await import("./history.ts");
      exit(await history(options));
    });
  verb("why", "which file, line and commit gave each part of a file (exit 0 told, 1 not managed)")
    .addArgument(new Argument("<path>", "a path that the fleet may manage on this server"))
    .addHelpText("after", example("reconcile why /etc/squid/squid.conf", "also what was overridden, and who owns it"))
    .action(async (path: string, options: CommonOptions) => {
      const { why } = await import("./why.ts");
      exit(await why(path, options));
    });
  program
    .command("check")
    .description("every school of a desired-state folder, without any server (exit 0 well, 1 problems)")
    .exitOverride()
    .showSuggestionAfterError()
    .option("--json", "a value for programs, see docs/cli.md", false)
    .addArgument(new Argument("[dir]", "the folder that holds fleet.yaml").default("."))
    .addHelpText(
      "after",
      example("reconcile check ~/fleet", "all problems of all schools at once: for a desk, or for CI"),
    )
    .action(async (folder: string, options: CheckOptions) => {
      const { check } = await import("./check.ts");
      exit(await check(folder, options));
    });
}
