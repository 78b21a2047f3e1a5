// The program: words on the command line in, an exit code out. 0 when all is well, 1 with every problem listed.
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { outliveReaders } from "../common/output.ts";
import type { Result } from "../common/problem.ts";
import { applyHere, type ApplyFlags } from "./cli/apply.ts";
import { checkSources } from "./cli/check.ts";
import { config } from "./cli/config.ts";
import { explain } from "./cli/explain.ts";
import { plan } from "./cli/plan.ts";
import { printJson, printProblems, terminal } from "./cli/print.ts";
import { type Options, readSettings, type Settings } from "./cli/settings.ts";

const TEMPLATES = fileURLToPath(new URL("../templates", import.meta.url));

outliveReaders(process);
await program().parseAsync();

function program(): Command {
  const mace = new Command("mace")
    .description("Makes the final configuration of a server from configuration sources.")
    .showHelpAfterError()
    .enablePositionalOptions();
  verb(mace, "apply [env-file]", "put the final configuration in place and activate it")
    .option("-R, --no-fallback", "keep the new files even when services do not start with them")
    .action(async (envFile: string | undefined, flags: ApplyFlags) => {
      await run("mace-apply", envFile, flags, async (settings) => applyHere(settings, flags, terminal));
    });
  verb(mace, "plan [env-file]", "show what apply would change, touching nothing").action(
    async (envFile: string | undefined, options: Options) => {
      await run("mace-plan", envFile, options, async (settings) => plan(settings, options, terminal));
    },
  );
  verb(mace, "check [env-file]", "render everything and let the services' own checkers read it").action(
    async (envFile: string | undefined, options: Options) => {
      await run("mace-check", envFile, options, async (settings) => checkSources(settings, options, terminal));
    },
  );
  verb(
    mace,
    "config [name-or-env-file] [env-file]",
    "print every option, what it is for and where it was set; with a NAME, exit with 0 if it is on and 1 if it is off",
  ).action(async (first: string | undefined, second: string | undefined, options: Options) => {
    const name = isName(first) ? first : undefined;
    const envFile = name === undefined ? first : second;
    // With a name, 1 is an answer.
    const failure = name === undefined ? 1 : 2;
    await run("mace-config", envFile, options, async (settings) => config(settings, options, terminal, name), failure);
  });
  verb(mace, "explain <path> [env-file]", "say where each line of a final file comes from").action(
    async (path: string, envFile: string | undefined, options: Options) => {
      await run("mace-explain", envFile, options, async (settings) => explain(settings, options, terminal, path));
    },
  );
  return mace;
}

/** An environment file has a dot or a slash in its name, a variable has not. */
function isName(word: string | undefined): word is string {
  return word !== undefined && /^[A-Za-z_][A-Za-z0-9_]*$/.test(word);
}

function verb(mace: Command, words: string, description: string): Command {
  const collect = (word: string, earlier: readonly string[]): readonly string[] => [...earlier, word];
  return mace
    .command(words)
    .description(description)
    .option("--src <dir>", "configuration sources; again for a later layer (instead of SRC_ROOT)", collect, [])
    .option(
      "--include <dir>",
      "additional, earlier sources or the name of a template (instead of INCLUDE)",
      collect,
      [],
    )
    .option(
      "--providers <dir>",
      "files that describe more services, or others in their place (instead of PROVIDERS)",
      collect,
      [],
    )
    .option("--dst <dir>", "where the final files belong (instead of DST_ROOT)")
    .option("--family <name>", "debian, redhat, suse, arch or alpine (instead of /etc/os-release)")
    .option("--json", "answer in JSON");
}

async function run(
  kind: string,
  envFile: string | undefined,
  options: Options,
  answer: (settings: Settings) => Promise<Result<void>>,
  failure = 1,
): Promise<void> {
  const settings = await readSettings(envFile, options, TEMPLATES);
  const result = settings.ok ? await answer(settings.value) : settings;
  if (result.ok) return;
  process.exitCode = failure;
  if (options.json === true) printJson(terminal, kind, false, { problems: result.problems });
  else printProblems(terminal, result.problems);
}
