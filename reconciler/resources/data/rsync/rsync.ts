// A source and a version at hand in, the source's version as a new folder out; only what differs is moved.
import type { CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import type { Permissions } from "../../../model/file-state.ts";
import { printable } from "../../../../common/printable.ts";
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { RsyncSource } from "./address.ts";

export interface Transfer {
  readonly source: RsyncSource;
  readonly shape: "file" | "tree";
  /** A version of the same item, below the managed root: unchanged files are linked from there, others start from it. */
  readonly base?: string;
  /** Whether equal size and time prove that a file of the base is the same. */
  readonly trustBase: boolean;
  /** Of all that comes, where it is cared for and can be given. */
  readonly owner: Pick<Permissions, "uid" | "gid">;
  readonly maxBytes: number;
}

const LIST_TIMEOUT_MS = 30 * 60_000;
/** What has come until then is kept, and the next run goes on from there. */
const TRANSFER_TIMEOUT_MS = 30 * 60_000;
const IDLE_S = 60;
const CONNECT_S = 30;
const LONGEST_LISTING = 256 * 1024 * 1024;
/** Of what a file was interrupted in: it is gone on with the next time. */
export const PARTIAL_FOLDER = ".rsync-partial";
const SSH = `ssh -oBatchMode=yes -oConnectTimeout=${CONNECT_S}`;

export type OwnerToGive = Required<Pick<Permissions, "uid" | "gid">>;

/** Only both together, and only by who may. */
export function ownerToGive(
  { privileged }: MachineReader,
  { uid, gid }: Pick<Permissions, "uid" | "gid">,
): OwnerToGive | undefined {
  return privileged && uid !== undefined && gid !== undefined ? { uid, gid } : undefined;
}

/** Devices, owners and set-user-id bits of the source never come along. */
function common({ source, shape, owner, trustBase }: Transfer, machine: MachineReader): string[] {
  const daemon = source.from.startsWith("rsync://");
  const given = ownerToGive(machine, owner);
  return [
    "rsync",
    "--links",
    "--times",
    // Two versions of the same second differ.
    "--modify-window=-1",
    "--omit-dir-times",
    "--no-devices",
    "--no-specials",
    `--timeout=${IDLE_S}`,
    ...(shape === "tree" ? ["--recursive", "--perms", "--chmod=a-s,-t", "--delete"] : []),
    ...(given && shape === "tree" ? ["--owner", "--group", `--chown=${given.uid}:${given.gid}`] : []),
    ...(trustBase ? [] : ["--checksum"]),
    ...(daemon ? [`--contimeout=${CONNECT_S}`] : []),
    ...(source.local || daemon ? [] : [`--rsh=${SSH}`]),
  ];
}

function ends({ source, shape }: Transfer, to: string): string[] {
  return shape === "tree" ? ["--", `${source.from}/`, `${to}/`] : ["--", source.from, to];
}

/** Whether the source differs from what lies at `at`; asked without changing anything. */
export async function differs(machine: MachineReader, transfer: Transfer, at: string): Promise<Result<boolean>> {
  const options = ["--dry-run", "--no-human-readable", "--stats", "--out-format=%i %n"];
  const argv = [...common(transfer, machine), ...options, ...ends(transfer, machine.hostPath(at))];
  const result = await machine.query(argv, { timeoutMs: LIST_TIMEOUT_MS, outputLimit: LONGEST_LISTING });
  if (result.code !== 0) return refuse(failed(transfer, result));
  const lines = result.stdout.toString("utf8").split("\n");
  const size = totalOf(lines);
  if (size !== undefined && size > transfer.maxBytes) return refuse(tooLarge(transfer, size));
  return succeed(lines.some(isDifference));
}

/** `>f..t...... name`, `*deleting name`; of the top folder itself only what lies in it counts. */
function isDifference(line: string): boolean {
  return /^(?:[<>ch.][fdLDS]\S{9}|\*deleting\s*) .+$/u.test(line) && !/^\.d\S{9} \.\/$/u.test(line);
}

function totalOf(lines: readonly string[]): number | undefined {
  const total = lines.map((line) => /^Total file size: ([\d,.]+) bytes$/u.exec(line)?.[1]).find(Boolean);
  return total === undefined ? undefined : Number(total.replace(/\D/gu, ""));
}

/** Brings the source to `to`, a name in a folder of ours; what an interrupted transfer left there is used. */
export async function transfer(machine: Machine, order: Transfer, to: string): Promise<Problem | undefined> {
  const { base, shape } = order;
  // A file is always compared in full: what it starts from may have been changed under the same time.
  const full = shape === "file" ? ["--ignore-times"] : [];
  const link = base !== undefined && shape === "tree" ? [`--link-dest=${machine.hostPath(base)}`] : [];
  const options = ["--quiet", `--partial-dir=${PARTIAL_FOLDER}`, ...full, ...link];
  const argv = [...common(order, machine), ...options, ...ends(order, machine.hostPath(to))];
  const result = await machine.run(argv, { timeoutMs: TRANSFER_TIMEOUT_MS });
  return result.code === 0 ? undefined : failed(order, result);
}

function failed({ source }: Transfer, { code, ended, stderr }: CommandResult): Problem {
  if (ended === "not-found") {
    return {
      code: "data-no-program",
      what: `${printable(source.from)} cannot be had: rsync is not installed on this server`,
      hint: "add the package rsync to the desired state",
    };
  }
  const [line = ""] = stderr.split("\n").filter((text) => text !== "");
  return {
    code: "data-unreachable",
    what: `${printable(source.from)} cannot be had now: rsync ${ended ?? `gave up with ${code}`}: ${printable(line).slice(0, 300)}`,
    hint: "look whether the other side is there and has it; what is here stays, and every run tries again",
  };
}

function tooLarge({ source, maxBytes }: Transfer, size: number): Problem {
  return {
    code: "data-too-large",
    what: `${printable(source.from)} has ${size} bytes; at most ${maxBytes} are allowed`,
    hint: "raise the largest size of this item, or choose something smaller",
  };
}
