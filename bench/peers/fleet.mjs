// fleet.mjs DIR: DIR/model.json and DIR/templates/ (N files of 20 templates with five variables each) become a fleet's
// repository in DIR/in/fleet, with one school called "bench".
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

const [dir] = process.argv.slice(2);
const fleet = `${dir}/in/fleet`;
for (const folder of ["files", "groups", "schools"]) mkdirSync(`${fleet}/${folder}`, { recursive: true });

// `@{name}` is theirs, `@NAME@` is ours; any other @ stands for itself.
for (const name of readdirSync(`${dir}/templates`)) {
  const text = readFileSync(`${dir}/templates/${name}`, "utf8");
  const ours = text.replace(/@\{(\w+)\}|@/gu, (_, word) => (word === undefined ? "@@" : `@${word.toUpperCase()}@`));
  writeFileSync(`${fleet}/files/${name}`, ours);
}

const ids = (file) =>
  new Map(
    readFileSync(file, "utf8")
      .split("\n")
      .map((line) => [line.split(":")[0], line.split(":")[2]]),
  );
const [users, groups] = [ids("/etc/passwd"), ids("/etc/group")];
const model = JSON.parse(readFileSync(`${dir}/model.json`, "utf8"));

// A group a thousand files, as no person would write them all into one.
const names = [];
for (let from = 0; from < model.length; from += 1000) {
  names.push(`part-${names.length}`);
  const rows = model.slice(from, from + 1000).map(({ path, template, mode, owner, group, vars }) => {
    const env = Object.entries(vars).map(([name, value]) => `${name.toUpperCase()}: ${JSON.stringify(value)}`);
    const who = `owner: "${users.get(owner)}", group: "${groups.get(group)}"`;
    return `  /${path}: {template: files/${template}, mode: "${mode}", ${who}, env: {${env.join(", ")}}}`;
  });
  writeFileSync(`${fleet}/groups/${names.at(-1)}.yaml`, `files:\n${rows.join("\n")}\n`);
}
writeFileSync(`${fleet}/fleet.yaml`, "description: the work of the peers\n");
writeFileSync(`${fleet}/schools/bench.yaml`, `groups: [${names.join(", ")}]\n`);
