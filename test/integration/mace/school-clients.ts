// What laptops do, as a program of its own, because it has to run inside a tried server's network: words in, answers as JSON out.
import { Resolver } from "node:dns/promises";
import { createServer, get } from "node:http";
import { connect as connectTcp } from "node:net";
import { connect, type TLSSocket } from "node:tls";

const [verb = "", ...words] = process.argv.slice(2);
const verbs: Readonly<Record<string, (...words: string[]) => Promise<unknown>>> = { ask, fetch, knock, meet, serve };
process.stdout.write(JSON.stringify(await verbs[verb]?.(...words)), () => process.exit());

/** Addresses of a name, from this server. */
async function ask(server: string, name: string): Promise<unknown> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([server]);
  return resolver.resolve4(name).catch(String);
}

/** A page at an address, asked for by its whole URL as one asks a proxy, or by its host. */
function fetch(address: string, url: string, as = "host"): Promise<unknown> {
  const { port, pathname, host, hostname } = new URL(url);
  const [at, path] = as === "host" ? [port === "" ? 80 : Number(port), pathname] : [Number(as), url];
  const headers = { Host: as === "host" ? hostname : host };
  return new Promise((resolve) => {
    const asked = get({ host: address, port: at, path, headers, timeout: 5000 }, (answer) => {
      let text = "";
      answer.on("data", (bytes: Buffer) => (text += String(bytes)));
      answer.on("end", () => resolve({ status: answer.statusCode, text, type: answer.headers["content-type"] }));
    });
    asked.on("timeout", () => asked.destroy(new Error("no answer")));
    asked.on("error", (error) => resolve(error.message));
  });
}

/** Which of these ports let one in. */
async function knock(address: string, ...ports: string[]): Promise<unknown> {
  const opened = ports.map((port) => {
    const socket = connectTcp({ host: address, port: Number(port) });
    return new Promise<string | undefined>((resolve) => {
      const end = (answer?: string): void => {
        socket.destroy();
        resolve(answer);
      };
      socket.on("connect", () => {
        end(port);
      });
      socket.on("error", () => {
        end();
      });
      setTimeout(end, 1500).unref();
    });
  });
  return (await Promise.all(opened)).filter((port) => port !== undefined);
}

/** Says to everybody who asks from which address they come. */
function serve(port: string): Promise<unknown> {
  const server = createServer((request, response) => response.end(`you are ${request.socket.remoteAddress ?? ""}`));
  server.listen(Number(port), "0.0.0.0");
  return new Promise(() => undefined);
}

/** Two laptops make their accounts and come online; what the first one hears of the second, and the second of the first. */
async function meet(address: string, host: string): Promise<unknown> {
  const ana = await arrive(address, host, "ana");
  const beto = await arrive(address, host, "beto");
  return [await ana(`from='beto@${host}/sugar'`), await beto(`from='ana@${host}/sugar'`)];
}

/** Registers, logs in and comes online; then waits for words. */
async function arrive(address: string, host: string, name: string): Promise<(words: string) => Promise<boolean>> {
  const socket = connect({ host: address, port: 5223, servername: host, rejectUnauthorized: false });
  const hear = listen(socket);
  const hello = `<?xml version='1.0'?><stream:stream to='${host}' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`;
  const account = `<username>${name}</username><password>of ${name}</password>`;
  const login = Buffer.from(`\0${name}\0of ${name}`).toString("base64");
  const steps: readonly (readonly [says: string, until: string])[] = [
    [hello, "</stream:features>"],
    [`<iq type='set' id='1'><query xmlns='jabber:iq:register'>${account}</query></iq>`, "id='1'"],
    [`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${login}</auth>`, "<success"],
    [hello, "</stream:features>"],
    [
      `<iq type='set' id='2'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>sugar</resource></bind></iq>`,
      "id='2'",
    ],
    [`<iq type='get' id='3'><query xmlns='jabber:iq:roster'/></iq>`, "id='3'"],
  ];
  for (const [says, until] of steps) {
    socket.write(says);
    if (!(await hear(until))) throw new Error(`${name} never heard ${until}`);
  }
  socket.write("<presence/>");
  return hear;
}

/** Waits until words have been heard since the last that were waited for. */
function listen(socket: TLSSocket): (words: string) => Promise<boolean> {
  let heard = "";
  socket.on("data", (bytes: Buffer) => (heard += String(bytes)));
  socket.on("error", (error: Error) => (heard += error.message));
  return async (words) => {
    for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((wake) => setTimeout(wake, 20))) {
      const at = heard.indexOf(words);
      if (at === -1) continue;
      heard = heard.slice(at + words.length);
      return true;
    }
    throw new Error(`heard only: ${heard}`);
  };
}
