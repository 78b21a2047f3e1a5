// The verbs with which a person steers one server, as words for the command line: how it begins, pauses, goes back.
import type { Command } from "commander";
import type { InitOptions } from "./init.ts";
import type { NowOptions } from "./now.ts";
import type { RecoverOptions } from "./recover.ts";
import type { CommonOptions } from "./options.ts";
import type { RestoreOptions } from "./restore.ts";
import type { SuspendOptions } from "./suspend.ts";
import { example, wholeNumber } from "./words.ts";

type Verb = (name: string, description: string) => Command;
type Exit = (code: number) => void;

const SERVER_EXAMPLE = `reconcile init --server --remote https://git.example.org/fleet.git --host escuela-12 \\
      --allowed-signers /etc/reconciler/allowed_signers`;

/** `verb` makes a command with the options that every verb of a server has; `exit` takes the exit code. */
export function addSteering(verb: Verb, exit: Exit): void {
  addInit(verb, exit);
  addSuspend(verb, exit);
  addResume(verb, exit);
  addRollback(verb, exit);
  addRecover(verb, exit);
  addRelease(verb, exit);
  addRestore(verb, exit);
}

function addInit(verb: Verb, exit: Exit): void {
  verb("init", "makes a trial in a new folder, or the settings of a school's server (exit 0 made, 1 not)")
    .argument("[dir]", "a new or empty folder for the trial")
    .option("--server", "write this server's own settings (to the file of --config) instead of a trial")
    .option("--remote <url>", "where the fleet's repository is")
    .option("--host <name>", "which server of the fleet this is: schools/<name>.yaml")
    .option("--allowed-signers <file>", "obey only commits signed by a key in this file")
    .option("--trust-anyone", "obey everybody who can write to the repository")
    .addHelpText("after", example("reconcile init ~/trial", "a fleet, a school and everything between, without root"))
    .addHelpText("after", example(SERVER_EXAMPLE, "writes /etc/reconciler/config.yaml, never over one that is there"))
    .action(async (folder: string | undefined, options: InitOptions) => {
      const { init } = await import("./init.ts");
      exit(await init(folder, options));
    });
}

function addSuspend(verb: Verb, exit: Exit): void {
  verb("suspend", "changes nothing here for a while; goes on looking (exit 0 suspended, 1 not)")
    .requiredOption("--reason <text>", "for whoever wonders later")
    .option("--for <time>", "how long: 30m, 12h, 3d; at most 30d", "72h")
    .addHelpText("after", example('reconcile suspend --for 12h --reason "exams today"', "a run under way is finished"))
    .action(async (options: SuspendOptions) => {
      const { suspend } = await import("./suspend.ts");
      exit(await suspend(options));
    });
}

function addResume(verb: Verb, exit: Exit): void {
  verb("resume", "follows git again, whatever was suspended or rolled back (exit 0 done, 1 not)")
    .addHelpText("after", example("reconcile resume", "the next run goes to the newest revision again"))
    .action(async (options: CommonOptions) => {
      const { resume } = await import("./resume.ts");
      exit(await resume(options));
    });
}

function addRollback(verb: Verb, exit: Exit): void {
  verb("rollback", "goes back to a revision that was good here, and stays there until resume")
    .argument("[rev]", "its id, also abbreviated; the one before the revision that stands when left out")
    .option("--allow-removals <n>", "let up to n removals pass the brake this once", wholeNumber)
    .addHelpText("after", example("reconcile rollback", "one cycle; exit 0 when settled there, 1 when not or refused"))
    .action(async (revision: string | undefined, options: NowOptions) => {
      const { rollback } = await import("./rollback.ts");
      exit(await rollback(revision, options));
    });
}

function addRecover(verb: Verb, exit: Exit): void {
  verb("recover", "brings a run that was cut off to its end, without git and network (exit 0 done, 4 not, 1 trouble)")
    .addHelpText(
      "after",
      example("reconcile recover", "walks it back; or keeps it, when all was made in time and is well"),
    )
    .option("--overdue <run>", "only this run, whose time is over: the process that is still at it is ended")
    .option("--at-boot", "neither services nor the network are up: nothing is asked, services are left to the boot")
    .action(async (options: RecoverOptions) => {
      const { recover } = await import("./recover.ts");
      exit(await recover(options));
    });
}

function addRelease(verb: Verb, exit: Exit): void {
  verb("release", "lets a revision be tried again that was taken back here (exit 0 done, 1 there is none)")
    .argument("[rev]", "its id, also abbreviated; every one that is set aside when left out")
    .addHelpText("after", example("reconcile release 1a2b3c4d", "the next run tries it again"))
    .action(async (revision: string | undefined, options: CommonOptions) => {
      const { release } = await import("./release.ts");
      exit(await release(revision, options));
    });
}

function addRestore(verb: Verb, exit: Exit): void {
  verb(
    "restore",
    "old contents that a run replaced and that were not ours: lists them, puts one back (exit 0 done, 1 not)",
  )
    .argument("[path]", "what was replaced; lists everything that is kept when left out")
    .option("--newest", "put back what was kept last")
    .option("--from <run>", "put back what this run kept; a part of its name will do")
    .option("--to <file>", "write it to a new file instead, and leave what is there")
    .addHelpText("after", example("reconcile restore /etc/motd --newest", "and says what git will do about it next"))
    .action(async (path: string | undefined, options: RestoreOptions) => {
      const { restore } = await import("./restore.ts");
      exit(await restore(path, options));
    });
}
