// The plug is pulled while files are being put in place; the server boots, and is whole: all of the old, then all of the new.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { bootsHosts } from "../support/hosts.ts";
import { BootedSchool } from "./school.ts";

const onHosts = bootsHosts() ? test : test.skip;

const JOURNAL = "/var/lib/reconciler/journal.log";
const ENABLED = "/etc/systemd/system/multi-user.target.wants/reconciler.service";
const OWNED = "owner: librarian, group: librarian";
/** Every edition has new content for these. */
const PAGES = numbered("page", 100);
/** And a shelf full of these, so that there is a middle to be hit. */
const BOOKS = numbered("book", 2000);
const MANY_TIMES = 8;

let school: BootedSchool;

beforeAll(async () => {
  if (bootsHosts()) school = await BootedSchool.open();
});

afterAll(async () => {
  if (bootsHosts()) await school.close();
});

onHosts("a server that loses its power in the middle of a run is whole again", async () => {
  const first = await school.commit(edition(0));
  await school.enable();
  await school.untilSettledAt(first);

  const { last, commit } = await pullThePlugInTheMiddle();
  rmSync(school.server.at(ENABLED)); // To look before the service sets to work.
  await school.server.boot();
  expect((await school.status()).reasons).toContainEqual(expect.objectContaining({ type: "interrupted" }));

  // Suspended, it walks back what was cut off, and does not begin anew.
  expect(await school.reconcile("suspend", "--reason", "looking at it")).toMatchObject({ code: 0 });
  await school.reconcile("--now");
  expect(standing()).toEqual(whole(last));
  expect(existsSync(school.server.at(JOURNAL))).toBe(false);

  expect(await school.reconcile("resume")).toMatchObject({ code: 0 });
  await school.enable();
  await school.untilSettledAt(commit);
  expect(standing()).toEqual(whole(last + 1));
  expect(await school.reconcile("--now")).toMatchObject({ code: 0, stdout: expect.stringContaining("unchanged") });
});

/** As often as it takes until some of an edition is there and some is not; the first time mostly does. */
async function pullThePlugInTheMiddle(): Promise<{ last: number; commit: string }> {
  for (let last = 0; last < MANY_TIMES; last++) {
    const commit = await school.commit(edition(last + 1));
    const over = new AbortController();
    const run = school.reconcile("--now").finally(() => over.abort());
    while (!over.signal.aborted && pageIs(PAGES[0], last)) await setImmediate();
    await school.server.kill();
    await run;
    const [now, old, next] = [standing(), whole(last), whole(last + 1)].map((each) => JSON.stringify(each));
    if (now !== old && now !== next) return { last, commit };
    await school.server.boot();
    await school.untilSettledAt(commit);
  }
  throw new Error(`the plug was never pulled in the middle in ${MANY_TIMES} times`);
}

function edition(n: number): Record<string, string> {
  const pages = PAGES.map((page) => `  /srv/library/${page}: { copy: files/page, ${OWNED} }\n`);
  const shelves = Array.from({ length: n }, (_, at) =>
    BOOKS.map((book) => `  /srv/library/shelf-${at + 1}/${book}: { copy: files/book, ${OWNED} }\n`),
  );
  return {
    "fleet.yaml": `files:\n${[...pages, ...shelves.flat()].join("")}`,
    "files/page": `edition ${n}\n`,
    "files/book": "Platero y yo\n",
  };
}

/** The editions of which there are pages, and everything in the library's folder with the number of its books. */
function standing(): readonly unknown[] {
  const library = school.server.at("/srv/library");
  const editions = [...new Set(PAGES.map(textOf))].sort();
  const others = readdirSync(library, { withFileTypes: true }).filter(({ name }) => !PAGES.includes(name));
  const counted = others.map((each): [string, number] => [
    each.name,
    each.isDirectory() ? readdirSync(`${library}/${each.name}`).length : 0,
  ]);
  return [editions, counted];
}

/** How that looks when all of an edition is there, and nothing else. */
function whole(n: number): readonly unknown[] {
  return [[`edition ${n}`], Array.from({ length: n }, (_, at) => [`shelf-${at + 1}`, BOOKS.length])];
}

function pageIs(page: string | undefined, n: number): boolean {
  return page !== undefined && textOf(page) === `edition ${n}`;
}

function textOf(page: string): string {
  return readFileSync(school.server.at(`/srv/library/${page}`), "utf8").trim();
}

function numbered(word: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, n) => `${word}-${String(n).padStart(4, "0")}.txt`);
}
