// An archive in, its tree in a folder of ours out: listed first, refused if anything in it must not come onto a server.
import type { CommandResult, Machine } from "../../../machine/machine.ts";
import { printable } from "../../../../common/printable.ts";
import type { Problem } from "../../../../common/problem.ts";
import { faultOfTree, type Offered } from "../tree-rules.ts";
import { entriesOfTar, TAR_EXTRACT, TAR_LIST } from "./tar.ts";
import { entriesOfZip } from "./zip.ts";

export interface Packed {
  readonly type: "tar" | "zip";
  /** Paths below the managed root: the file, and a folder that is there and empty. */
  readonly archive: string;
  readonly into: string;
  readonly maxBytes: number;
  /** For a person: where it came from. */
  readonly source: string;
}

const LIST_TIMEOUT_MS = 30 * 60_000;
const EXTRACT_TIMEOUT_MS = 4 * 3_600_000;
const LONGEST_LISTING = 512 * 1024 * 1024;
const PACKAGES = { tar: "tar", unzip: "unzip" } as const;

interface Packer {
  readonly program: keyof typeof PACKAGES;
  list(archive: string): readonly string[];
  extract(archive: string, into: string): readonly string[];
  read(listing: string): Offered[] | undefined;
}

const PACKERS: Readonly<Record<Packed["type"], Packer>> = {
  tar: {
    program: "tar",
    list: (archive) => ["tar", ...TAR_LIST, `--file=${archive}`],
    extract: (archive, into) => ["tar", ...TAR_EXTRACT, `--directory=${into}`, `--file=${archive}`],
    read: entriesOfTar,
  },
  zip: {
    program: "unzip",
    // A pattern of its own, because without one it adds a head and a foot.
    list: (archive) => ["unzip", "-Z", "-s", archive, "*"],
    extract: (archive, into) => ["unzip", "-q", "-n", archive, "-d", into],
    read: entriesOfZip,
  },
};

/** Undefined when it is unpacked. */
export async function unpack(machine: Machine, packed: Packed): Promise<Problem | undefined> {
  const packer = PACKERS[packed.type];
  const archive = machine.hostPath(packed.archive);
  const options = { timeoutMs: LIST_TIMEOUT_MS, outputLimit: LONGEST_LISTING };
  const listed = await machine.query(packer.list(archive), options);
  if (listed.code !== 0) return failed(packed, packer, listed);
  const entries = packer.read(listed.stdout.toString("utf8"));
  if (entries === undefined) return unread(packed);
  const fault = faultOfTree(packed.source, entries, packed.maxBytes);
  if (fault !== undefined) return fault;
  const extract = packer.extract(archive, machine.hostPath(packed.into));
  const extracted = await machine.run(extract, { timeoutMs: EXTRACT_TIMEOUT_MS });
  return extracted.code === 0 ? undefined : failed(packed, packer, extracted);
}

function failed({ source }: Packed, { program }: Packer, { code, ended, stderr }: CommandResult): Problem {
  if (ended === "not-found") {
    return {
      code: "data-no-program",
      what: `${source} cannot be unpacked: ${program} is not installed on this server`,
      hint: `add the package ${PACKAGES[program]} to the desired state`,
    };
  }
  const [line = ""] = stderr.split("\n").filter((text) => text !== "");
  return {
    code: "data-archive",
    what: `${source} cannot be unpacked: ${program} ${ended ?? `gave up with ${code}`}: ${printable(line).slice(0, 300)}`,
    hint: "look whether it is the archive it should be, and whether the disk has room (df -h)",
  };
}

function unread({ source, type }: Packed): Problem {
  return {
    code: "data-archive",
    what: `the entries of ${source} are listed in words that are not understood, so it is not unpacked`,
    hint: `make the ${type} archive anew with plain names`,
  };
}
