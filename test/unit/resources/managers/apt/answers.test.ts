// What apt and dpkg really answered, on Debian 12 and 13, and what is read out of it: one file an answer in answers/.
import { expect, test } from "@jest/globals";
import { dump, load } from "js-yaml";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseUnmet } from "../../../../../reconciler/resources/managers/apt/broken.ts";
import { complaints, knownComplaints } from "../../../../../reconciler/resources/managers/apt/complaints.ts";
import { parseConffiles } from "../../../../../reconciler/resources/managers/apt/conffiles.ts";
import { parseLocks } from "../../../../../reconciler/resources/managers/apt/lock.ts";
import { parsePlanned } from "../../../../../reconciler/resources/managers/apt/planned.ts";
import { controlOf } from "../../../../../reconciler/resources/managers/apt/repack.ts";
import { isHalfDone, isThere, parseStatuses } from "../../../../../reconciler/resources/managers/apt/status.ts";
import { parseUpgrades } from "../../../../../reconciler/resources/managers/apt/upgrades.ts";

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
  planned: ({ stdout }: Answer) => parsePlanned(stdout),
  upgrades: ({ stdout }: Answer) => parseUpgrades(stdout),
  packages: ({ stdout }: Answer) =>
    parseStatuses(stdout, "amd64").map((status) => ({
      ...status,
      there: isThere(status),
      halfDone: isHalfDone(status),
    })),
  complaints: (answer: Answer) => {
    const result = { ...answer, stdout: Buffer.from(answer.stdout) };
    return answer.code === 0 ? knownComplaints(result) : complaints(result, answer.argv[0]!);
  },
  conffiles: ({ stdout }: Answer) => parseConffiles(stdout),
  control: ({ stdout }: Answer) => controlOf(stdout),
  locks: ({ stdout }: Answer) => parseLocks(stdout),
  unmet: ({ stdout, stderr }: Answer) => parseUnmet(`${stdout}\n${stderr}`),
  /** For a person: we go by the states themselves, and these have to say the same. */
  audit: ({ stdout }: Answer) => [...new Set([...stdout.matchAll(/^ (\S+) /gmu)].map(([, name]) => name))],
};

function read(name: string): Answer {
  return load(readFileSync(join(folder, `${name}.yaml`), "utf8")) as Answer;
}

test.each(names)("%s", (name) => {
  const answer = read(name);
  const value: unknown = JSON.parse(JSON.stringify(READERS[answer.reads](answer)));
  if (process.env["UPDATE"] === "1") update(name, value);
  else expect(value).toEqual(answer.expected);
});

function update(name: string, expected: unknown): void {
  const file = join(folder, `${name}.yaml`);
  const recorded = readFileSync(file, "utf8").replace(/^expected:[^]*$/mu, "");
  writeFileSync(file, recorded + dump({ expected }, { lineWidth: -1 }));
}

test.each(["half-configured", "after-a-kill", "half-unpacked"])("dpkg --audit names the same packages: %s", (state) => {
  const [audit, packages] = [read(`audit-${state}`), read(`packages-${state}`)];
  const halfDone = READERS.packages(packages).filter((one) => one.halfDone);
  expect(halfDone.map(({ name }) => name)).toEqual(READERS.audit(audit));
});
