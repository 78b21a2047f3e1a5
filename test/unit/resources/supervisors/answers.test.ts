// What the supervisors of booted servers really answered: a file a question, and what it has to mean.
import { expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { FileError, type CommandResult, type Machine, type Stat } from "../../../../reconciler/machine/machine.ts";
import { openrc } from "../../../../reconciler/resources/supervisors/openrc.ts";
import type { ServiceAction, Supervisor } from "../../../../reconciler/resources/supervisors/supervisor.ts";
import { systemdOffline } from "../../../../reconciler/resources/supervisors/systemd-offline.ts";
import { systemd } from "../../../../reconciler/resources/supervisors/systemd.ts";
import { sysvinit } from "../../../../reconciler/resources/supervisors/sysvinit.ts";

interface Call {
  readonly argv: readonly string[];
  readonly code: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

interface Recorded {
  /** An action, `look`, `last-words` or `reread`, and the names it is about. */
  readonly asked: Readonly<Record<string, readonly string[]>>;
  /** The managed root, where it was not "/". */
  readonly root?: string;
  readonly calls: readonly Call[];
  readonly files?: Readonly<Record<string, string>>;
  readonly folders?: Readonly<Record<string, readonly string[]>>;
  /** Paths at which something is, whatever it is. */
  readonly present?: readonly string[];
  readonly means: unknown;
}

const supervisors: Readonly<Record<string, Supervisor>> = {
  systemd,
  "systemd-offline": systemdOffline,
  openrc,
  sysvinit,
};
const cases = Object.keys(supervisors).flatMap((folder) =>
  readdirSync(join(import.meta.dirname, folder, "answers")).map((file) => [folder, file] as const),
);

test.each(cases)("%s: %s", async (folder, file) => {
  const text = readFileSync(join(import.meta.dirname, folder, "answers", file), "utf8");
  const recorded = load(text) as Recorded;
  const [verb = "", names = []] = Object.entries(recorded.asked)[0] ?? [];
  const asked: Call[] = [];
  const machine = replay(recorded, asked);
  const means = await answer(supervisors[folder] as Supervisor, machine, verb, names);
  expect(asked.map(({ argv }) => argv)).toEqual(recorded.calls.map(({ argv }) => argv));
  expect(means).toEqual(verb === "look" ? withSomeReads(recorded.means) : recorded.means);
});

test("there are answers of every supervisor", () => {
  expect(new Set(cases.map(([folder]) => folder)).size).toBe(4);
  expect(cases.length).toBeGreaterThan(80);
});

async function answer(supervisor: Supervisor, machine: Machine, verb: string, names: readonly string[]) {
  const options = { signal: new AbortController().signal, timeoutMs: 1000 };
  if (verb === "last-words") return supervisor.lastWords(machine, names[0] ?? "");
  if (verb === "reread") return supervisor.reread(machine, options);
  if (verb !== "look") return supervisor.act(machine, verb as ServiceAction, names, options);
  const looked = await supervisor.look(machine, names);
  return looked.ok ? Object.fromEntries(looked.value) : { problems: looked.problems };
}

/** A supervisor reads in many places where nothing lies; the recorded ones are what a fleet writes to. */
function withSomeReads(means: unknown): unknown {
  const services = Object.entries(means as Readonly<Record<string, { readonly reads: readonly string[] }>>);
  return Object.fromEntries(
    services.map(([name, service]) => [name, { ...service, reads: expect.arrayContaining([...service.reads]) }]),
  );
}

function replay({ calls, files = {}, folders = {}, present = [], root = "" }: Recorded, asked: Call[]): Machine {
  const ask = async (argv: readonly string[]): Promise<CommandResult> => {
    const call = calls[asked.length];
    if (call === undefined) throw new Error(`nobody recorded ${argv.join(" ")}`);
    asked.push({ ...call, argv });
    return { code: call.code, stdout: Buffer.from(call.stdout ?? ""), stderr: call.stderr ?? "" };
  };
  const stat = (path: string): Partial<Stat> | undefined => {
    if (path in files || present.includes(path)) return { type: "regular", mode: 0o755 };
    return path in folders ? { type: "directory" } : undefined;
  };
  const read = async (path: string): Promise<Buffer> => {
    if (path in files) return Buffer.from(files[path] ?? "");
    throw new FileError("ENOENT", "read", path);
  };
  const reader = { stat, read, list: (path: string) => [...(folders[path] ?? [])] };
  return { files: reader, hostPath: (path: string) => root + path, query: ask, run: ask } as unknown as Machine;
}
