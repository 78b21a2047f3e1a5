// `npm run reliability -- FOLDER`: what tests counted with RELIABILITY_OUT=FOLDER becomes the table in docs/reliability.md,
// and is printed. It fails when the page had rows for other tests than these: then it was out of date.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PAGE = fileURLToPath(new URL("../docs/reliability.md", import.meta.url));
const [BEGIN, END] = ["<!-- counted by the tests -->", "<!-- until here -->"];

const [folder] = process.argv.slice(2);
if (folder === undefined) fail("name the folder that RELIABILITY_OUT named: npm run reliability -- FOLDER");
const results = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")));
if (results.length === 0) fail(`there is no result in ${folder}`);

const page = readFileSync(PAGE, "utf8");
const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
if (from < 0 || to < from) fail(`${PAGE} has no place for them: ${BEGIN} and ${END}`);
const counts = `${table(results)}\n${details(results)}`;
writeFileSync(PAGE, `${page.slice(0, from)}${BEGIN}\n\n${counts}\n${page.slice(to)}`);
process.stdout.write(counts);

const published = page
  .slice(from, to)
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line) => line.split(" | ")[0].slice(2));
const titles = results.map(({ title }) => cell(title));
const amiss = [
  ...published.filter((title) => !titles.includes(title)).map((title) => `not counted by this run: ${title}`),
  ...titles.filter((title) => !published.includes(title)).map((title) => `new: ${title}`),
];
if (amiss.length > 0) fail(`docs/reliability.md was out of date:\n${amiss.join("\n")}`);

function table(rows) {
  const lines = rows.map(
    ({ title, points, outcomes }) => `| ${cell(title)} | ${points} | ${cell(counted(outcomes, "; "))} |`,
  );
  return `| what was tried | how often | how it ended |\n| --- | --: | --- |\n${lines.join("\n")}\n`;
}

/** What does not fit into a row: by what it was counted, what repeats it, and what has to be said of it. */
function details(rows) {
  const lines = rows.flatMap(({ title, counts = {}, seed, notes = [] }) => {
    const byCall = Object.keys(counts).length > 0 ? [`${counted(counts)}.`] : [];
    const facts = [...byCall, ...(seed === undefined ? [] : [`Seed ${seed}.`]), ...notes.map((note) => `${note}.`)];
    return facts.length === 0 ? [] : [`- ${title}: ${facts.join(" ")}`];
  });
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function counted(counts, between = ", ") {
  return Object.entries(counts)
    .sort(([, one], [, other]) => other - one)
    .map(([word, count]) => `${count} ${word}`)
    .join(between);
}

function cell(text) {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function fail(words) {
  process.stderr.write(`${words}\n`);
  process.exit(1);
}
