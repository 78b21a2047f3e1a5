// Files and pure data, scene by scene: what happens, and everything that must have come of it.
import { expect, expectValue } from "../deviation.ts";
import {
  expectAsPlanned,
  expectNothingDiffers,
  expectNothingTouched,
  expectProblem,
  problemText,
} from "../expectations.ts";
import { SCHOOL, type Scene } from "./scene.ts";
import { expectLessons } from "./services.ts";

const MOTD = "/etc/motd";
const NAMES = "/etc/dnsmasq.d/school.conf";

const LESSONS = "/srv/lessons";

const PIECE = "config/schools/escuela-12/files.d/etc/motd/50-today.conf";
const NAMES_PIECE = "config/schools/escuela-12/0200.names/dnsmasq.d/20-names.conf";
const PRINTER_PIECE = "config/schools/escuela-12/dnsmasq.d/60-printer.conf";

/** A file is as it is at once: being patient with a check is for services that start slowly. */
const NO_PATIENCE = "\nhealth:\n  names:\n    grace_s: 0\n";

export const FILES: readonly Scene[] = [
  {
    title: "The server is new, and its fleet has one commit.",
    result: "changed",
    settled: true,
    async came(school, ran) {
      expectAsPlanned(school, ran);
      expect((await school.text(MOTD)).includes("Escuela 12"), `${MOTD} names the school`);
      await expectLessons(school, "arithmetic.txt", "laptops");
      return `All ${ran.outcome.changes.length} changes are made, every file is as told, and a small web server gives out the lessons.`;
    },
  },
  {
    title: "Nothing has happened since.",
    result: "unchanged",
    settled: true,
    async came(school, _ran, before) {
      expectNothingTouched(school, before);
      return `Not one of ${before.traces.size} files and folders is touched.`;
    },
  },
  {
    title: "Somebody edits a file on the server by hand.",
    happens: (school) => school.overwrite(MOTD, "written by hand\n"),
    result: "changed",
    settled: true,
    async came(school, { outcome }, before) {
      expectValue(outcome.changes.map(({ name, why }) => `${name} ${why}`).join(", "), `${MOTD} drifted`, "The change");
      expectNothingDiffers(school, before);
      return `${MOTD} is put right, and nothing else is touched.`;
    },
  },
  {
    title: "The fleet gets a commit: a line for this school's message of the day.",
    happens: async (school) =>
      school.commit("motd: when the library opens", {
        [PIECE]: "The library opens at eight.\n",
        [SCHOOL]: (await school.fleetText(SCHOOL)) + NO_PATIENCE,
      }),
    result: "changed",
    settled: true,
    async came(school, { outcome }) {
      expectValue(outcome.applied?.subject, "motd: when the library opens", "The commit that is followed");
      expect((await school.text(MOTD)).includes("The library opens at eight."), `${MOTD} has the new line`);
      return "The line is there.";
    },
  },
  {
    title: "A commit names a value that nobody defined, and somebody deletes a file on the server.",
    async happens(school) {
      await school.commit("motd: whom to ask", { [PIECE]: "Ask @PRINCIPAL@.\n" });
      await school.remove(NAMES);
    },
    result: "failed",
    settled: false,
    async came(school, ran, before) {
      const problem = expectProblem(ran, ({ where, what }) => where?.file === PIECE && what.includes("PRINCIPAL"));
      expectValue(ran.outcome.desired?.subject, "motd: whom to ask", "The commit on offer");
      expectValue(ran.outcome.applied?.subject, "motd: when the library opens", "The commit that is followed");
      expectNothingDiffers(school, before);
      return `The commit is refused, and ${NAMES} is back all the same:\n${problemText(problem)}`;
    },
  },
  {
    title: "The next commit repairs it.",
    happens: (school) => school.commit("motd: ask at the office", { [PIECE]: "Ask at the office.\n" }),
    result: "changed",
    settled: true,
    async came(school) {
      expect((await school.text(MOTD)).includes("Ask at the office."), `${MOTD} has the repaired line`);
      return "It is followed.";
    },
  },
  {
    title: "A lesson is added to the folder of pure data, another one is corrected.",
    happens: (school) =>
      school.commit("lessons: reading", {
        "data/lessons/reading.txt": "Read the first page to somebody.\n",
        "data/lessons/arithmetic.txt": "8 laptops are charged, 5 are in use. How many are there?\n",
      }),
    result: "changed",
    settled: true,
    async came(school, { outcome }) {
      expectValue(
        outcome.changes.map(({ kind, name }) => `${kind} ${name}`).join(", "),
        `data ${LESSONS}`,
        "The change",
      );
      expect((await school.text(`${LESSONS}/reading.txt`)).includes("first page"), "the new lesson is there");
      expect((await school.text(`${LESSONS}/arithmetic.txt`)).startsWith("8"), "the other one is corrected");
      await expectLessons(school, "reading.txt", "first page");
      return `${LESSONS} is switched to the new folder in one step, under the feet of the web server that gives it out.`;
    },
  },
  {
    title: "A commit is right in every word, but with it no laptop would get an address.",
    happens: (school) =>
      school.commit("names: simpler", { [NAMES_PIECE]: "interface=@LAN_INTERFACE@\ndomain=@DOMAIN@\n" }),
    result: "rolled_back",
    settled: false,
    async came(school, { outcome }, before) {
      const bad = outcome.health.filter(({ ok }) => !ok).map(({ name }) => name);
      expectValue(bad.join(", "), "names", "The health check that fails");
      expectNothingDiffers(school, before);
      return "It is made, the health check “names” fails, and everything is taken back.";
    },
  },
  {
    title: "The next run finds the same commit.",
    result: "failed",
    settled: false,
    async came(school, ran, before) {
      const problem = expectProblem(ran, ({ code }) => code === "quarantined");
      expectNothingTouched(school, before);
      return `It is not tried again, and nothing is touched:\n${problemText(problem)}`;
    },
  },
  {
    title: "A better commit comes: addresses as before, and a printer with a name.",
    happens: (school) =>
      school.commit("names: a printer", {
        [NAMES_PIECE]: undefined,
        [PRINTER_PIECE]: "host-record=printer.@DOMAIN@,172.18.96.20\n",
      }),
    result: "changed",
    settled: true,
    async came(school) {
      const names = await school.text(NAMES);
      expect(names.includes("dhcp-range") && names.includes("host-record=printer."), `${NAMES} has both`);
      const again = await school.reconcile();
      expectValue(again.outcome.result, "unchanged", "One more run");
      return "All is settled; one more run leaves it unchanged.";
    },
  },
];
