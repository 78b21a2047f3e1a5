// What runs: a small web server for the lessons, which the embedded supervisor looks after.
import { expect, expectValue } from "../deviation.ts";
import { expectNothingDiffers, expectProblem, problemText } from "../expectations.ts";
import type { School } from "../school.ts";
import { SCHOOL, type Scene } from "./scene.ts";

const SERVICE = "lessons";
const SETTINGS = "/etc/lessons.conf";
const VALUES = "env/schools/escuela-12.env";
export const WRITTEN_SETTINGS = "files/lessons/lessons.conf";

/** It costs nothing: whoever ends is not watched any longer. */
const PATIENCE = "\nservices:\n  lessons:\n    settle_s: 60\n";

export const SERVICES: readonly Scene[] = [
  {
    title: "The lessons get another title. Their web server reads that only when it starts.",
    happens: async (school) =>
      school.commit("lessons: a title of our own", {
        [VALUES]: `${await school.fleetText(VALUES)}LESSONS_TITLE="Lessons of Escuela 12"\n`,
      }),
    result: "changed",
    settled: true,
    async came(school, { outcome }) {
      const made = outcome.changes.map(({ kind, name, renew }) => [kind, name, renew].join(" ").trim());
      expectValue(made.join(", "), `file ${SETTINGS}, service ${SERVICE} restart`, "The changes");
      expectValue(school.starts(SERVICE), 2, "How often it was started in all these scenes");
      await school.page("/", "Lessons of Escuela 12");
      return "Its settings are changed, so it is restarted, once. Nothing else in this story had been a reason to.";
    },
  },
  {
    title: "A commit looks for the lessons where there are none. With that their web server ends at once.",
    happens: async (school) => {
      const settings = await school.fleetText(WRITTEN_SETTINGS);
      await school.commit("lessons: another folder", {
        [WRITTEN_SETTINGS]: settings.replace("/srv/lessons", "/srv/lesson"),
        [SCHOOL]: (await school.fleetText(SCHOOL)) + PATIENCE,
      });
    },
    result: "rolled_back",
    settled: false,
    async came(school, ran, before) {
      const problem = expectProblem(ran, ({ code }) => code === "service-failed");
      expectNothingDiffers(school, before);
      await school.page("/arithmetic.txt", "laptops");
      return `It is taken back, and the lessons are there again. The one that ended had said:\n${problemText(problem)}`;
    },
  },
];

/** In the first scene and in the one about lessons. */
export async function expectLessons(school: School, lesson: string, text: string): Promise<void> {
  await school.page(`/${lesson}`, text);
  expect(school.starts(SERVICE) === 1, "the web server for the lessons was started once");
}
