// What pacman really answered, and what is read out of it: one file an answer in answers/.
import { expect, test } from "@jest/globals";
import { dump, load } from "js-yaml";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { complaints } from "../../../../../reconciler/resources/managers/pacman/complaints.ts";
import {
  parseRelations,
  parseTargets,
  parseUpgrades,
  parseVersions,
} from "../../../../../reconciler/resources/managers/pacman/parse.ts";

interface Answer {
  readonly reads: keyof typeof READERS;
  readonly argv: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly expected: unknown;
}

const folder = join(import.meta.dirname, "answers");
const names = readdirSync(folder).map((file) => file.replace(/\.yaml$/u, ""));

const READERS = {
  versions: ({ stdout }: Answer) => Object.fromEntries(parseVersions(Buffer.from(stdout))),
  upgrades: ({ stdout }: Answer) => parseUpgrades(Buffer.from(stdout)),
  targets: ({ stdout }: Answer) => parseTargets(Buffer.from(stdout)),
  relations: ({ stdout }: Answer) => parseRelations(Buffer.from(stdout)),
  ignored: ({ stdout }: Answer) => stdout.split("\n").filter((line) => line !== ""),
  complaints: (answer: Answer) => complaints({ ...answer, stdout: Buffer.from(answer.stdout) }),
  /** Words that a success may hold, and nobody must take for trouble: its code is all that counts. */
  "complaints-of-success": ({ code }: Answer) => (code === 0 ? [] : "failed"),
};

test.each(names)("%s", (name) => {
  const file = join(folder, `${name}.yaml`);
  const text = readFileSync(file, "utf8");
  const answer = load(text) as Answer;
  const value: unknown = JSON.parse(JSON.stringify(READERS[answer.reads](answer)));
  if (process.env["UPDATE"] !== "1") expect(value).toEqual(answer.expected);
  else writeFileSync(file, text.replace(/^expected:[^]*$/mu, "") + dump({ expected: value }, { lineWidth: -1 }));
});
