// Somebody who asks a service inside a tried server, again and again until it answers as hoped or time is up.
import type { TriedServer } from "../tried-server.ts";

const DEADLINE_MS = 30_000;

/** Prints the status and the body of a page, fetched through a proxy where one is given. */
const FETCH = `
const { request } = require("node:http");
const [url, proxy, hoped, deadline] = process.argv.slice(1);
const { hostname, port, host } = new URL(proxy === "" ? url : proxy);
const path = proxy === "" ? new URL(url).pathname : url;
const again = (said) => Date.now() > Number(deadline) ? (console.log(said), process.exit(1)) : setTimeout(ask, 100);
function ask() {
  const call = request({ hostname, port, path, headers: { host: new URL(url).host }, timeout: 5000 }, (answer) => {
    let body = "";
    answer.on("data", (bytes) => (body += bytes));
    answer.on("end", () => {
      const said = answer.statusCode + "\\n" + body;
      if (new RegExp(hoped).test(said)) console.log(said); else again(said);
    });
  });
  call.on("error", (error) => again(error.message)).on("timeout", () => call.destroy()).end();
}
ask();
`;

/** Opens a stream as a chat program does, and prints what the server says to that. */
const CHAT = `
const { connect } = require("node:net");
const [port, host, deadline] = process.argv.slice(1);
const again = () => Date.now() > Number(deadline) ? process.exit(1) : setTimeout(ask, 100);
function ask() {
  const socket = connect(Number(port), "127.0.0.1");
  let said = "";
  socket.on("connect", () => socket.write("<stream:stream to='" + host + "' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"));
  socket.on("data", (bytes) => { said += bytes; if (said.includes("<stream:features")) { console.log(said); process.exit(0); } });
  socket.on("error", () => undefined).on("close", again);
}
ask();
`;

/** What a page says, status first. `hoped` is a regular expression over that. */
export function visit(server: TriedServer, url: string, hoped: string, proxy = ""): string {
  return server.run([process.execPath, "-e", FETCH, url, proxy, hoped, String(Date.now() + DEADLINE_MS)]).out;
}

/** What a chat server says to somebody who comes. */
export function greet(server: TriedServer, port: number, host: string): string {
  return server.run([process.execPath, "-e", CHAT, String(port), host, String(Date.now() + DEADLINE_MS)]).out;
}
