// systemd: a set of units is one call, and one transaction of its own.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import { refuse, succeed, type Problem, type Result } from "../../../common/problem.ts";
import { LOOK_MS, refusal, unknownService, unusableName } from "./answer.ts";
import { hasStartLinks } from "./init-scripts.ts";
import { isUnitName, unitOf } from "./names.ts";
import type { ServiceAction, SupervisedService, Supervisor, SupervisorOptions } from "./supervisor.ts";
import { readBlocks, showCall, toService } from "./systemd-show.ts";

const LAST_LINES = 10;
const CALL = ["systemctl", "--no-pager", "--no-ask-password"];
/** Only these make jobs. */
const JOBS: ReadonlySet<ServiceAction> = new Set(["start", "stop", "restart", "reload"]);

export const systemd: Supervisor = { name: "systemd", caches: true, look, reread, act, lastWords };

async function look(
  machine: MachineReader,
  names: readonly string[],
): Promise<Result<ReadonlyMap<string, SupervisedService>>> {
  const usable = [...new Set(names)].filter(isUnitName);
  const found = new Map(names.map((name) => [name, unknownService()]));
  if (usable.length === 0) return succeed(found);
  const argv = showCall(usable.map(unitOf));
  const result = await machine.query(argv, { timeoutMs: LOOK_MS });
  const faults = refusal(argv, result, "look with `systemctl status` whether systemd answers at all");
  if (faults.length > 0) return refuse(...faults);
  const units = readBlocks(result.stdout.toString("utf8"), usable.map(unitOf));
  if (units === undefined) return refuse(unreadable(result.stdout));
  const hasLinks = (script: string): boolean => hasStartLinks(machine.files, script);
  for (const [index, name] of usable.entries()) found.set(name, toService(units[index] ?? new Map(), hasLinks));
  return succeed(found);
}

function unreadable(stdout: Buffer): Problem {
  return {
    code: "supervisor-unreadable",
    what: `systemctl show answered ${stdout.length} bytes that are not one block for each unit`,
    hint: "run `systemctl show` by hand and tell us what it says",
  };
}

async function reread(machine: Machine, { timeoutMs }: SupervisorOptions): Promise<readonly Problem[]> {
  const argv = [...CALL, "daemon-reload"];
  return refusal(argv, await machine.run(argv, { timeoutMs }), "look with `systemctl status` whether systemd answers");
}

async function act(
  machine: Machine,
  action: ServiceAction,
  names: readonly string[],
  { timeoutMs }: SupervisorOptions,
): Promise<readonly Problem[]> {
  const unusable = names.filter((name) => !isUnitName(name));
  if (unusable.length > 0) return unusable.map(unusableName);
  if (names.length === 0) return [];
  // What the boot is about to start waits for us, and must not be waited for.
  const patience = machine.booting === true ? ["--no-block"] : [];
  const mode = JOBS.has(action) ? ["--job-mode=replace", ...patience] : [];
  const argv = [...CALL, ...mode, action, "--", ...names.map(unitOf)];
  return refusal(argv, await machine.run(argv, { timeoutMs }), hintFor(action, unitOf(names[0] ?? "")));
}

function hintFor(action: ServiceAction, unit: string): string {
  if (action === "mask") return `systemd masks only what has no unit file in /etc/systemd/system: remove ${unit} there`;
  if (action === "enable") return `look with \`systemctl cat ${unit}\` whether it has an [Install] section`;
  return `look with \`systemctl status ${unit}\` and \`journalctl -u ${unit}\``;
}

async function lastWords(machine: MachineReader, name: string): Promise<string> {
  if (!isUnitName(name)) return "";
  const argv = [
    "journalctl",
    "--no-pager",
    "--quiet",
    "--output=cat",
    `--lines=${LAST_LINES}`,
    `--unit=${unitOf(name)}`,
  ];
  const { code, stdout } = await machine.query(argv, { timeoutMs: LOOK_MS });
  return code === 0 ? stdout.toString("utf8").trim() : "";
}
