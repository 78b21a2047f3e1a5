// Words into a verb. Each verb's code is loaded only when it is asked for, because a school server starts it often.
import { Command, CommanderError, Option } from "commander";
import { nearest } from "../../common/nearest.ts";
import { printable } from "../../common/printable.ts";
import { VERSION } from "../version.ts";
import { DEFAULT_CONFIG, type CommonOptions } from "./options.ts";
import type { NowOptions } from "./now.ts";
import { addLooking } from "./looking.ts";
import { addSteering } from "./steering.ts";
import { EXIT } from "./terminal.ts";
import { example, wholeNumber } from "./words.ts";

/** Resolves with the exit code. */
export async function runProgram(words: readonly string[]): Promise<number> {
  let code = 0;
  const program = describe((next) => (code = next));
  try {
    await program.parseAsync(words, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : EXIT.usage;
  }
  return code;
}

function describe(exit: (code: number) => void): Command {
  const program = new Command("reconcile")
    .description("Keeps this server as its fleet's git repository wants it.")
    .version(VERSION)
    .exitOverride()
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .allowExcessArguments();
  withCommon(program)
    .option("--now", "one cycle now, through the daemon when it runs")
    .option("--detailed-exitcodes", "exit 0 unchanged, 2 changed, 4 failed, 6 changed and failed, as Puppet does")
    .option("--allow-removals <n>", "let up to n removals pass the brake this once", wholeNumber)
    .option("--reason <text>", "why this cycle waits for no window and no guard")
    .addHelpText("after", example("reconcile --now", "one cycle; exit 0 when the server is settled, 1 when not"))
    .action(async (options: NowOptions & { now?: boolean }) => {
      const [word] = program.args;
      if (word !== undefined) program.error(unknownVerb(word, program));
      if (options.now !== true) program.help({ error: true });
      const { now } = await import("./now.ts");
      exit(await now(options));
    });
  addVerbs(program, exit);
  addSteering((name, description) => verb(program, name, description), exit);
  addLooking(program, (name, description) => verb(program, name, description), exit);
  return program;
}

/** commander says only "too many arguments", because the program itself takes none. */
function unknownVerb(word: string, program: Command): string {
  const verbs = program.commands.map((command) => command.name());
  const near = nearest(word, verbs);
  const hint = near === undefined ? `there are: ${verbs.join(", ")}` : `did you mean ${near}?`;
  return `error: there is no command "${printable(word)}"\n${hint}`;
}

function addVerbs(program: Command, exit: (code: number) => void): void {
  verb(program, "daemon", "the service: keeps the server settled, and answers for it")
    .addHelpText("after", example("reconcile daemon", "runs in the foreground until it is asked to stop (SIGTERM)"))
    .action(async (options: CommonOptions) => {
      const { runDaemon } = await import("./daemon.ts");
      exit(await runDaemon(options));
    });
  verb(program, "supervise", "looks after the services in /etc/reconciler/services, in a container or a demonstration")
    .addHelpText("after", example("reconcile supervise", "runs in the foreground until it is asked to stop (SIGTERM)"))
    .action(async (options: CommonOptions) => {
      const { supervise } = await import("./supervise.ts");
      exit(await supervise(options));
    });
}

function verb(program: Command, name: string, description: string): Command {
  const command = program.command(name).description(description).exitOverride().showSuggestionAfterError();
  return withCommon(command);
}

function withCommon(command: Command): Command {
  return command
    .addOption(
      new Option("--config <file>", "this server's own settings").default(DEFAULT_CONFIG).env("RECONCILE_CONFIG"),
    )
    .option("--json", "a value for programs, see docs/cli.md", false);
}
