// What a schema and single files cannot say of one host: named rules, in the order in which their problems are told.
import type { Problem } from "../../../common/problem.ts";
import type { Wishes } from "../wishes/wishes.ts";
import { groupsAreKnown, idsAreOnce } from "./host-accounts.ts";
import { dataHasItsPlace, nothingInsideData } from "./host-data.ts";
import { nothingBelowAFile } from "./host-files.ts";
import { earlierServicesExist, packagesAreOnce, servicesAreOnce } from "./host-names.ts";
import { calendarsExist, windowsExist, windowsHaveAZone } from "./host-windows.ts";

const RULES: readonly ((wishes: Wishes) => Problem[])[] = [
  nothingBelowAFile,
  nothingInsideData,
  dataHasItsPlace,
  idsAreOnce,
  groupsAreKnown,
  packagesAreOnce,
  servicesAreOnce,
  earlierServicesExist,
  windowsExist,
  windowsHaveAZone,
  calendarsExist,
];

export function brokenHostRules(wishes: Wishes): Problem[] {
  return RULES.flatMap((rule) => rule(wishes));
}
