// Rules for `health:` of one file.
import { isIP } from "node:net";
import type { Problem } from "../../../common/problem.ts";
import { faultOfUrl } from "../addresses.ts";
import { faultOfPath } from "../file-path.ts";
import type { Fault } from "../file-path.ts";
import type { Layer } from "../layer.ts";
import { entriesOf, wordsIn } from "../nullable.ts";
import { pointer } from "../pointer.ts";
import { PROBE_COMPANIONS, PROBE_WORDS } from "../written.ts";
import type { WrittenHealthCheck } from "../written.ts";

/** None is right in one file: it may change a check of a farther file. */
export function oneProbeWord(layer: Layer): Problem[] {
  return checks(layer).flatMap(([name, check]) => {
    const words = wordsIn(check, PROBE_WORDS);
    if (words.length < 2) return [];
    const where = layer.place(pointer("health", name, words[1] ?? ""));
    return [
      { code: "many-probes", where, what: `${words.join(" and ")} exclude one another`, hint: "make two checks of it" },
    ];
  });
}

export function companionsFitTheirProbe(layer: Layer): Problem[] {
  return checks(layer).flatMap(([name, check]) => {
    if (wordsIn(check, PROBE_WORDS).length !== 1) return [];
    return misfits(check).map((misfit) => ({ ...misfit, where: layer.place(pointer("health", name, misfit.word)) }));
  });
}

/** Words beside a probe that mean nothing there. */
export function misfits(check: WrittenHealthCheck): (Problem & { readonly word: string })[] {
  const [probe] = wordsIn(check, PROBE_WORDS);
  return wordsIn(check, ["contains", "status", "server"]).flatMap((word) => {
    const fitting: readonly string[] = PROBE_COMPANIONS[word];
    if (probe === undefined || fitting.includes(probe)) return [];
    return [
      {
        word,
        code: "idle-word",
        what: `${word} means nothing beside ${probe}`,
        hint: `it goes with ${fitting.join(" or ")}`,
      },
    ];
  });
}

export function probesAreValid(layer: Layer): Problem[] {
  return checks(layer).flatMap(([name, check]) =>
    faultsOf(check).flatMap(([word, fault]) =>
      fault === undefined ? [] : [{ code: "bad-probe", where: layer.place(pointer("health", name, word)), ...fault }],
    ),
  );
}

function faultsOf({ file, http, tcp, dns, server, exec }: WrittenHealthCheck): [string, Fault | undefined][] {
  return [
    ["file", file ? faultOfPath(file) : undefined],
    ["http", http ? faultOfUrl(http, "check a page that needs none") : undefined],
    ["tcp", tcp && hostAndPort(tcp) === undefined ? NOT_AN_ADDRESS : undefined],
    ["dns", dns && !isHostName(dns) ? NOT_A_NAME : undefined],
    ["server", server && isIP(server) === 0 ? NOT_AN_IP : undefined],
    ["exec", exec ? faultOfProgram(exec[0] ?? "") : undefined],
  ];
}

const NOT_AN_ADDRESS = {
  what: "this is not host:port",
  hint: 'write an address and a port from 1 to 65535: "127.0.0.1:3128"',
};
const NOT_A_NAME = { what: "this is not a host name", hint: "write a name such as schoolserver.lan" };
const NOT_AN_IP = { what: "this is not the address of a name server", hint: 'write its IP address: "127.0.0.1"' };

function faultOfProgram(program: string): Fault | undefined {
  if (!program.startsWith("/"))
    return {
      what: "the command does not begin with an absolute path",
      hint: "write the whole path of the program, such as /usr/bin/test",
    };
  return faultOfPath(program);
}

/** `127.0.0.1:80`, `schoolserver.lan:80` or `[::1]:80`; undefined for anything else. */
export function hostAndPort(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):([0-9]{1,5})$/u.exec(text) ?? [];
  const host = bracketed ?? plain ?? "";
  const port = Number(digits);
  const valid = bracketed === undefined ? isIP(host) === 4 || isHostName(host) : isIP(host) === 6;
  return valid && port >= 1 && port <= 65535 ? { host, port } : undefined;
}

function isHostName(name: string): boolean {
  return (
    name.length <= 253 &&
    /^(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?$/u.test(
      name,
    )
  );
}

function checks(layer: Layer): [string, WrittenHealthCheck][] {
  return entriesOf(layer.says.health);
}
