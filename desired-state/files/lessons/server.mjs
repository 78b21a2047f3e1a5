// The lessons as web pages: reads /etc/lessons.conf, lists what lies in its folder, and hands out each file as it is.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

// Where this program is installed: / on a server, another folder in a trial.
const root = fileURLToPath(new URL("../../../..", import.meta.url));
const settings = settingsIn(readFileSync(join(root, "etc/lessons.conf"), "utf8"));
const folder = join(root, settings.get("folder"));
if (!existsSync(folder)) {
  console.error(`There are no lessons: ${settings.get("folder")} is not there.`);
  process.exit(1);
}

const server = createServer(({ url }, response) => {
  try {
    const [type, text] = answer(url);
    response.writeHead(200, { "content-type": `${type}; charset=utf-8` }).end(text);
  } catch {
    response.writeHead(404, { "content-type": "text/plain" }).end("There is no such lesson.\n");
  }
});
server.listen(Number(process.env.LESSONS_PORT ?? settings.get("port")), "127.0.0.1", () => {
  const address = `http://127.0.0.1:${server.address().port}/`;
  console.log(`${settings.get("title")}: ${address}`);
  mkdirSync(join(root, "run/lessons"), { recursive: true });
  writeFileSync(join(root, "run/lessons/address"), `${address}\n`);
});

function settingsIn(text) {
  return new Map(Array.from(text.matchAll(/^(\w+) *= *(.*?) *$/gm), ([, name, value]) => [name, value]));
}

/** Only names that are in the folder right now: whoever asks names no path of their own. */
function answer(url) {
  const names = readdirSync(folder).sort();
  if (url === "/") return ["text/html", page(names)];
  const name = names.find((each) => url === `/${encodeURIComponent(each)}`);
  return ["text/plain", readFileSync(join(folder, name))];
}

function page(names) {
  const title = escaped(settings.get("title"));
  const items = names.map((name) => `<li><a href="${encodeURIComponent(name)}">${escaped(name)}</a></li>`);
  return `<!doctype html>\n<title>${title}</title>\n<h1>${title}</h1>\n<ul>\n${items.join("\n")}\n</ul>\n`;
}

function escaped(text) {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
