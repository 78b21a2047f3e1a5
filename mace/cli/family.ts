// What --family says, or os-release, in; the family of distributions out.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nearest } from "../../common/nearest.ts";
import { type Result, refuse, succeed } from "../../common/problem.ts";
import { familyFrom } from "../family.ts";
import type { Family } from "../model.ts";
import { FAMILIES } from "../services/provider.ts";

/** A word that was written wins; otherwise the destination's own os-release, then this system's. */
export function chooseFamily(written: string | undefined, dst: string): Result<Family> {
  if (written === undefined) return familyOfSystem(dst);
  const family = FAMILIES.find((known) => known === written);
  if (family !== undefined) return succeed(family);
  const guess = nearest(written, FAMILIES);
  const hint = guess === undefined ? `write one of ${FAMILIES.join(", ")}` : `did you mean ${guess}?`;
  return refuse({ code: "unknown-family", what: `there is no family called ${written}`, hint });
}

function familyOfSystem(dst: string): Result<Family> {
  const files = [join(dst, "etc/os-release"), "/etc/os-release", "/usr/lib/os-release"];
  const family = files.map(readText).map(familyFrom).find(Boolean);
  if (family !== undefined) return succeed(family);
  const hint = `write --family with one of ${FAMILIES.join(", ")}`;
  return refuse({
    code: "unknown-family",
    where: { file: "/etc/os-release" },
    what: "names no known distribution",
    hint,
  });
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
