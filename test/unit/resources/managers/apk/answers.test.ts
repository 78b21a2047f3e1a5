// What apk answers according to its manual pages and sources (not one of them was recorded from the real program), and
// what is read out of it: one file an answer in answers/.
import { expect, test } from "@jest/globals";
import { dump, load } from "js-yaml";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { complaints } from "../../../../../reconciler/resources/managers/apk/complaints.ts";
import {
  configurationIn,
  parseActions,
  parseInstalled,
  parseUpgrades,
  pinsIn,
} from "../../../../../reconciler/resources/managers/apk/parse.ts";

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
  installed: ({ stdout }: Answer) =>
    parseInstalled(stdout).map((entry) => ({ ...entry, configuration: configurationIn(entry) })),
  pins: ({ stdout }: Answer) => [...pinsIn(stdout)],
  upgrades: ({ stdout }: Answer) => parseUpgrades(stdout),
  actions: ({ stdout }: Answer) => parseActions(stdout),
  complaints: (answer: Answer) => complaints({ ...answer, stdout: Buffer.from(answer.stdout) }),
};

test.each(names)("%s", (name) => {
  const file = join(folder, `${name}.yaml`);
  const text = readFileSync(file, "utf8");
  const answer = load(text) as Answer;
  const value: unknown = JSON.parse(JSON.stringify(READERS[answer.reads](answer)));
  if (process.env["UPDATE"] !== "1") expect(value).toEqual(answer.expected);
  else writeFileSync(file, text.replace(/^expected:[^]*$/mu, "") + dump({ expected: value }, { lineWidth: -1 }));
});
