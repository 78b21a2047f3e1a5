// An item that comes from a web server in, its version beside it out: downloaded, and unpacked where it is an archive.
import type { Machine } from "../../machine/machine.ts";
import type { Supply } from "../../model/target.ts";
import { refuse, type Problem, type Result } from "../../../common/problem.ts";
import { adopt, contentIn, giveTo, type Brought } from "./adopt.ts";
import { unpack } from "./archive/unpack.ts";
import type { Request } from "./request.ts";
import { download } from "./http/download.ts";
import { partialAt } from "./http/partial.ts";
import { digitsOf, join } from "./names.ts";
import { removeAll } from "./remove.ts";
import { openWorkshop, type Site } from "./site.ts";
import { sourceOf } from "./source.ts";

export type HttpSource = Extract<Supply["source"], { type: "http" }>;

export async function bringByHttp(
  machine: Machine,
  site: Site,
  { supply, owner, expected, signal }: Request,
  { url, digest }: HttpSource,
): Promise<Result<Brought>> {
  const { files } = machine;
  const name = `download-${digitsOf(digest)}`;
  await openWorkshop(machine, site, [name, `${name}.validator`]);
  const file = join(site.workshop, name);
  const order = { url, digest, maxBytes: supply.maxBytes };
  const failed = await download(order, partialAt(files, file), signal);
  if (failed !== undefined) return refuse(failed);
  const content = contentIn(site);
  if (supply.unpack === undefined) files.rename(file, content);
  else {
    const broken = await unpackTo(machine, file, content, supply);
    if (broken !== undefined) return refuse(broken);
    await giveTo(machine, content, owner);
  }
  const brought = await adopt(machine, {
    site,
    source: sourceOf(supply),
    maxBytes: supply.maxBytes,
    ...(expected === undefined ? {} : { expected }),
  });
  if (!brought.ok) await removeAll(machine, content);
  return brought;
}

async function unpackTo(machine: Machine, archive: string, into: string, supply: Supply): Promise<Problem | undefined> {
  const { unpack: type = "tar", maxBytes } = supply;
  machine.files.makeDirectory(into, { mode: 0o755 });
  const source = sourceOf(supply);
  const failed = await unpack(machine, { type, archive, into, maxBytes, source });
  // What was refused once is refused again; what was whole stays until it is unpacked.
  if (failed !== undefined) await removeAll(machine, into);
  return failed;
}
