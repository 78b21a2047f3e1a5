// Answers that dnf, zypper and rpm really gave, one file each; `means` is what every reader makes of them.
import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dump, load } from "js-yaml";
import type { CommandResult } from "../../../../../reconciler/machine/machine.ts";
import * as dnf from "../../../../../reconciler/resources/managers/dnf/complaints.ts";
import { parseRows } from "../../../../../reconciler/resources/managers/dnf/rows.ts";
import { parseTable } from "../../../../../reconciler/resources/managers/dnf/table.ts";
import { isLoss } from "../../../../../reconciler/resources/managers/rpm/broken.ts";
import { causeOf, withoutRepositories } from "../../../../../reconciler/resources/managers/rpm/causes.ts";
import { parseConffiles } from "../../../../../reconciler/resources/managers/rpm/conffiles.ts";
import { damageOf, parseEntries } from "../../../../../reconciler/resources/managers/rpm/database.ts";
import * as zypper from "../../../../../reconciler/resources/managers/zypper/answers.ts";

// They were given on such a machine: what is another architecture goes by that.
Object.defineProperty(process, "arch", { value: "x64" });

interface Answer {
  readonly about: string;
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** Exit code, or how it ended without one. */
  readonly exit: number | string;
  readonly stdout: string;
  readonly stderr: string;
  /** `hello 1.0-1 noarch`, where the reader has to know. */
  readonly installed?: readonly string[];
  readonly means: Readonly<Record<string, unknown>>;
}

const READERS: Readonly<Record<string, (answer: Answer) => unknown>> = {
  transaction: ({ stdout, installed = [] }) => parseTable(stdout, parseEntries(installed.map(entryLine).join("\n"))),
  explanation: ({ stderr }) => dnf.explanationOf(stderr),
  packages: ({ stdout }) => parseRows(stdout),
  silent: ({ stderr }) => [...dnf.silentRepositories(stderr)],
  cause: (answer) => causeOf("dnf", resultOf(answer)),
  "no repositories": ({ stdout, stderr }) => withoutRepositories(stdout + stderr)?.code,
  "zypper transaction": ({ stdout }) => zypper.parseSummary(stdout),
  "zypper explanation": ({ stdout }) => zypper.explanationOf(stdout),
  "zypper packages": ({ stdout }) => zypper.parseFound(stdout),
  "zypper updates": ({ stdout }) => zypper.parseUpdates(stdout),
  "zypper silent": ({ stdout }) => [...zypper.silentRepositories(stdout)],
  "zypper archive": ({ stdout }) => zypper.parseDownloaded(stdout),
  "zypper cause": (answer) =>
    causeOf("zypper", { ...resultOf(answer), stdout: Buffer.alloc(0), stderr: zypper.plainWords(answer.stdout) }),
  entries: ({ stdout }) => parseEntries(stdout),
  damage: (answer) => damageOf(resultOf(answer), true)?.code,
  conffiles: ({ stdout }) => parseConffiles(stdout),
  losses: ({ stdout }) => stdout.split("\n").filter(isLoss),
};

for (const program of ["dnf", "zypper", "rpm"]) {
  const folder = new URL(`../${program}/answers/`, import.meta.url);
  for (const file of readdirSync(folder).sort()) {
    test(`${program}: ${file.replace(/\.yaml$/u, "").replaceAll("-", " ")}`, () => {
      const place = new URL(file, folder);
      const answer = load(readFileSync(place, "utf8")) as Answer;
      const means = Object.fromEntries(Object.keys(answer.means).map((reader) => [reader, read(reader, answer)]));
      if (process.env["UPDATE"] === "1") writeFileSync(place, dump({ ...answer, means }, { lineWidth: -1 }));
      else expect(means).toEqual(answer.means);
    });
  }
}

/** As YAML would give it back. */
function read(reader: string, answer: Answer): unknown {
  const value = READERS[reader]?.(answer);
  return value === undefined ? null : load(dump(value));
}

function resultOf({ exit, stdout, stderr }: Answer): CommandResult {
  const ending = typeof exit === "number" ? { code: exit } : { code: undefined, ended: exit };
  return { ...ending, stdout: Buffer.from(stdout), stderr };
}

function entryLine(words: string): string {
  const [name = "", version = "", arch = "noarch"] = words.split(" ");
  const [, epoch = "0", rest = ""] = /^(?:([0-9]+):)?(.*)$/u.exec(version) ?? [];
  return [name, epoch, rest, arch, "0"].join("\t");
}
