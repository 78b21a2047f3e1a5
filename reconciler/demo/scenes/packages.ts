// Packages: a dictionary, out of a repository that this story makes itself.
import { expect, expectValue } from "../deviation.ts";
import { expectProblem, problemText } from "../expectations.ts";
import type { School } from "../school.ts";
import { SCHOOL, type Scene } from "./scene.ts";
import { WRITTEN_SETTINGS } from "./services.ts";

const DICTIONARY = "school-dictionary";
const WORDS = "school-words";
const ANY = `\npackages:\n  ${DICTIONARY}: present\n`;
const CHECK = `\nhealth:
  dictionary:
    file: /usr/share/${DICTIONARY}/index.txt
    contains: libro
    grace_s: 0
`;

/** The commit of the scene before is taken back with it. */
async function wantIt(school: School): Promise<void> {
  const settings = await school.fleetText(WRITTEN_SETTINGS);
  await school.commit("packages: a dictionary", {
    [WRITTEN_SETTINGS]: settings.replace(/\/srv\/lesson$/mu, "/srv/lessons"),
    [SCHOOL]: (await school.fleetText(SCHOOL)).replace("\nhealth:\n", CHECK) + ANY,
  });
}

async function wantVersion(school: School, version: string): Promise<void> {
  const wish = `${DICTIONARY}: { minimum: "${version}" }`;
  const text = (await school.fleetText(SCHOOL)).replace(new RegExp(`${DICTIONARY}: (?:present|\\{.*)`, "u"), wish);
  await school.commit(`packages: the dictionary ${version}`, { [SCHOOL]: text });
}

async function expectVersions(school: School, dictionary: string): Promise<void> {
  const installed = await school.installed();
  expectValue(installed.join(", "), `${DICTIONARY} ${dictionary}, ${WORDS} 1.0`, "What dpkg has installed");
}

export const PACKAGES: readonly Scene[] = [
  {
    title: "The fleet repairs that, and wants a package: a dictionary, which needs another package.",
    async happens(school) {
      await school.offerPackages();
      await wantIt(school);
    },
    result: "changed",
    settled: true,
    async came(school, { outcome }) {
      const made = outcome.changes.map(({ kind, name }) => `${kind} ${name}`);
      expectValue(made.join(", "), `package ${DICTIONARY}, package ${WORDS}`, "The changes");
      await expectVersions(school, "1.0");
      expect((await school.text(`/usr/share/${WORDS}/es.txt`)).includes("libro"), "the words are there");
      return `dpkg has installed both of them, into the folder of this school: ${school.trial.root}`;
    },
  },
  {
    title: "There is a newer dictionary, and the fleet wants it. It has lost its words.",
    async happens(school) {
      await school.publish("1.1");
      await wantVersion(school, "1.1");
    },
    result: "rolled_back",
    settled: false,
    async came(school, { outcome }) {
      const bad = outcome.health.filter(({ ok }) => !ok).map(({ name }) => name);
      expectValue(bad.join(", "), "dictionary", "The health check that fails");
      await expectVersions(school, "1.0");
      return "It is installed, the health check “dictionary” fails, and the version before is installed again.";
    },
  },
  {
    title: "The next version has its words again.",
    async happens(school) {
      await school.publish("1.2");
      await wantVersion(school, "1.2");
    },
    result: "changed",
    settled: true,
    async came(school) {
      await expectVersions(school, "1.2");
      return expectCalm(school);
    },
  },
];

/** On a machine without dpkg and apt-get. */
export const NO_PACKAGES: readonly Scene[] = [
  {
    title: "The fleet repairs that, and wants a package: a dictionary. This machine has no dpkg to install it with.",
    happens: wantIt,
    result: "failed",
    settled: false,
    async came(_school, ran) {
      const problem = expectProblem(ran, ({ code }) => code === "no-package-manager");
      expectValue(ran.outcome.changes.length, 0, "The number of changes");
      return `Nothing is installed, and the run says so. On a server with apt it would have been ${DICTIONARY}, and ${WORDS}, which it needs:\n${problemText(problem)}`;
    },
  },
  {
    title: "The fleet does without it.",
    happens: async (school) =>
      school.commit("packages: no dictionary here", {
        [SCHOOL]: (await school.fleetText(SCHOOL)).replace(ANY, "").replace(CHECK, "\nhealth:\n"),
      }),
    result: "unchanged",
    settled: true,
    came: (school) => expectCalm(school),
  },
];

async function expectCalm(school: School): Promise<string> {
  const again = await school.reconcile();
  expectValue(again.outcome.result, "unchanged", "One more run");
  return "All is settled; one more run leaves it unchanged.";
}
