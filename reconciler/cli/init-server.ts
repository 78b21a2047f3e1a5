// `reconcile init --server`: the settings of a school's server, written once and never over others.
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { isAddress } from "../config/normalize.ts";
import { parseConfig } from "../config/read.ts";
import { checkAddress } from "../source/address.ts";
import { checkTrustedFile } from "../source/trusted-file.ts";
import { invocation } from "../trial/invocation.ts";
import { serverConfigText, type ServerWish } from "../trial/server-config-text.ts";
import { shellWord } from "../trial/shell-word.ts";
import { programPath } from "../machine/program.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";
import { DEFAULT_CONFIG, type CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

export interface ServerOptions extends CommonOptions {
  readonly remote?: string;
  readonly host?: string;
  readonly allowedSigners?: string;
  readonly trustAnyone?: boolean;
}

/** Resolves with the exit code: 0 written, 1 not written, 64 not understood. */
export async function initServer(options: ServerOptions): Promise<number> {
  const wish = understand(options);
  if (!wish.ok) {
    sayProblems(wish.problems, options.json);
    return EXIT.usage;
  }
  const file = resolve(options.config);
  const text = serverConfigText(wish.value);
  const checked = check(file, text, wish.value);
  const problems = checked.length > 0 ? checked : await write(file, text);
  if (problems.length > 0) {
    sayProblems(problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson({ version: 1, kind: "server", config: file, ...wish.value });
  else say(account(file, invocation(process.argv[1] ?? "reconcile", programPath())));
  return EXIT.settled;
}

/** Every word that is missing is told at once. */
function understand({ remote, host, allowedSigners, trustAnyone }: ServerOptions): Result<ServerWish> {
  const problems: Problem[] = [];
  if (remote === undefined) problems.push(missing("--remote", "https://git.example.org/fleet.git"));
  if (host === undefined) problems.push(missing("--host", "escuela-12"));
  if ((allowedSigners === undefined) === (trustAnyone !== true)) problems.push(whomToTrust(trustAnyone === true));
  if (remote === undefined || host === undefined || problems.length > 0) return refuse(...problems);
  const signers = allowedSigners === undefined ? {} : { allowedSigners: resolve(allowedSigners) };
  return succeed({ host, remote: isAddress(remote) ? remote : resolve(remote), ...signers });
}

/** By the same rules by which it will be read, so that nothing is written that would be refused later. */
function check(file: string, text: string, { remote, allowedSigners }: ServerWish): readonly Problem[] {
  const address = checkAddress(remote, { plainHttp: false });
  const signers =
    allowedSigners === undefined
      ? undefined
      : checkTrustedFile(allowedSigners, { role: "the allowed-signers file", code: "signers" });
  const settings = address.ok ? parseConfig(file, Buffer.from(text)) : address;
  return [...(settings.ok ? [] : settings.problems), ...(signers === undefined ? [] : [signers])];
}

async function write(file: string, text: string): Promise<readonly Problem[]> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o755 });
    await writeFile(file, text, { flag: "wx", mode: 0o600 });
    await chmod(file, 0o644);
    return [];
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    // Half a file would be read as whole settings.
    if (code !== "EEXIST") await rm(file, { force: true });
    return [unwritten(file, code)];
  }
}

function account(file: string, reconcile: string): string {
  const config = file === DEFAULT_CONFIG ? "" : ` --config ${shellWord(file)}`;
  return `The settings of this server are in ${file}

Look at what would be done, then let it be done:

   ${reconcile} plan${config}
   ${reconcile} --now${config}`;
}

function missing(option: string, example: string): Problem {
  return { code: "option-missing", what: `${option} is missing`, hint: `write, for example: ${option} ${example}` };
}

function whomToTrust(both: boolean): Problem {
  return {
    code: "whom-to-trust",
    what: both ? "--allowed-signers and --trust-anyone exclude one another" : "say whose commits this server obeys",
    hint:
      "--allowed-signers FILE obeys only commits that are signed by a key in FILE, each line of it a name and a public " +
      "key: admin@school.example ssh-ed25519 AAAA...\n  " +
      "--trust-anyone obeys everybody who can write to the repository; who takes over the place where it is kept, " +
      "takes over this server",
  };
}

function unwritten(file: string, code: string): Problem {
  const where = { file };
  if (code === "EEXIST") {
    const hint = "edit it, or move it away first; it is never written over";
    return { code: "config-there", where, what: "there are settings here already", hint };
  }
  const hint =
    code === "EACCES" || code === "EPERM" ? "run it as root, or name another file with --config" : "look at the disk";
  return { code: "config-unwritable", where, what: `it cannot be written (${code})`, hint };
}
