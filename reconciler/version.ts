// Which program this is: the build puts the words in; run from source (under jest) there are stand-ins.

declare const __VERSION__: string | undefined;
declare const __BUILD__: string | undefined;

/** The version in package.json. */
export const VERSION = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-dev";

/** Hex SHA-256 over the sources, the templates and the lockfile: same build, same results from the same fleet. */
export const BUILD = typeof __BUILD__ === "string" ? __BUILD__ : "0".repeat(64);
