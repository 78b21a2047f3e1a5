// Rules for the addresses from which the fleet's repository comes.
import type { Problem, Where } from "../../common/problem.ts";
import { pointer } from "../desired/pointer.ts";
import type { Config } from "./config.ts";
import { isAddress } from "./normalize.ts";

/** Where a JSON pointer stands in the file. */
export type Place = (pointer: string) => Where;

const KNOWN_ADDRESS =
  /^(?:(?:https?|ssh|file):\/\/[^\s]+|[A-Za-z0-9_][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[^\s-][^\s]*)$/iu;

/** git has addresses that run programs (`ext::`), and takes what begins with a hyphen for an option. */
export function addressesAreOfAKnownKind(config: Config, place: Place): Problem[] {
  return config.remotes.flatMap(({ name, url }) => {
    const hidden = /^[a-z]+:\/\/(?:[^/]*@)?-/iu.test(url);
    if (!isAddress(url) || (KNOWN_ADDRESS.test(url) && !hidden)) return [];
    const hint = "write https://..., ssh://..., user@host:path, or the path of a folder";
    return [
      { code: "bad-address", where: urlPlace(place, name), what: "this is not an address that is used here", hint },
    ];
  });
}

export function plainHttpIsMeant(config: Config, place: Place): Problem[] {
  return config.remotes.flatMap(({ name, url, plainHttp }) => {
    if (plainHttp || !/^http:/iu.test(url)) return [];
    const what = "over http:// anybody on the way can read the fleet and hold back its news";
    return [
      {
        code: "plain-http",
        where: urlPlace(place, name),
        what,
        hint: "write https://, or say that it is meant: plain_http: true",
      },
    ];
  });
}

export function noSecretsInAddresses(config: Config, place: Place): Problem[] {
  return config.remotes.flatMap(({ name, url }) => {
    if (!/^(?:[a-z]+:\/\/[^/@]*:[^/@]*@|https?:\/\/[^/@]+@)/iu.test(url)) return [];
    const hint = "use an ssh address with identity_file: /path of a key that may only read";
    return [
      {
        code: "secret-in-address",
        where: urlPlace(place, name),
        what: "the address has a name or a password in it, which logs would show",
        hint,
      },
    ];
  });
}

function urlPlace(place: Place, name: string): Where {
  return place(pointer("remotes", name, "url"));
}
