// A trial in; things to try in it out, each with a line to paste into a terminal.
import { join } from "node:path";
import { shellWord } from "./shell-word.ts";
import { TRIAL_HOST, type Trial } from "./trial.ts";

export interface Suggestion {
  /** What it shows, as a sentence. */
  readonly what: string;
  /** Works as it stands in any POSIX shell. */
  readonly line: string;
}

/** A piece of the message of the day that belongs to the school of the trial alone. */
const PIECE = `config/schools/${TRIAL_HOST}/files.d/etc/motd/50-today.conf`;

const VALUES = `env/schools/${TRIAL_HOST}.env`;
const SCHOOL = `schools/${TRIAL_HOST}.yaml`;

/** Somebody edits a file on the server by hand. */
export function editByHand({ root }: Trial): Suggestion {
  const line = `echo "written by hand" >> ${shellWord(join(root, "etc/motd"))}`;
  return { what: "Change a file of the school by hand, and see it put right.", line };
}

/** The fleet's own way: a commit. */
export function commitSomething({ fleet }: Trial): Suggestion {
  return {
    what: "Change the fleet: a line for the school's message of the day.",
    line: writeAndPush(fleet, "The library opens at eight.", "motd: when the library opens"),
  };
}

/** A name that nobody defined: refused before anything is touched. */
export function commitSomethingBroken({ fleet }: Trial): Suggestion {
  return {
    what: "Commit a mistake, and see it refused while the school stays in care.",
    line: writeAndPush(fleet, "Ask @PRINCIPAL@.", "motd: whom to ask"),
  };
}

/** What a service reads. */
export function renameLessons({ fleet }: Trial): Suggestion {
  const assignment = "LESSONS_TITLE='Lessons of Escuela 12'";
  return {
    what: "Give the lessons another title, and see their web server restarted, once.",
    line: changeAndPush(fleet, [`echo ${shellWord(assignment)} >> ${VALUES}`], "lessons: a title of our own"),
  };
}

/** Where the demonstration has made a repository. */
export function wantPackage({ fleet }: Trial): Suggestion {
  const wish = "'' 'packages:' '  school-dictionary: present'";
  return {
    what: "Want a package, and see dpkg install it into the school's folder, with another one that it needs.",
    line: changeAndPush(fleet, [`printf '%s\\n' ${wish} >> ${SCHOOL}`], "packages: a dictionary"),
  };
}

function writeAndPush(fleet: string, text: string, message: string): string {
  const folder = PIECE.slice(0, PIECE.lastIndexOf("/"));
  return changeAndPush(fleet, [`mkdir -p ${folder}`, `echo ${shellWord(text)} > ${PIECE}`], message);
}

function changeAndPush(fleet: string, changes: readonly string[], message: string): string {
  const steps = [
    `cd ${shellWord(fleet)}`,
    ...changes,
    "git add --all",
    `git commit --quiet --message ${shellWord(message)}`,
    "git push --quiet",
  ];
  return `(${steps.join(" && ")})`;
}
