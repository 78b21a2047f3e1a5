// What a schema cannot say of one file: named rules, in the order in which their problems are told.
import { nearest } from "../../../common/nearest.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Tree } from "../../model/revision.ts";
import {
  dataAddressesAreValid,
  dataCopiesExist,
  dataPathsAreSafe,
  dataWordsFitTheirSource,
  oneDataSource,
} from "./data.ts";
import {
  checksNameTheFile,
  confirmedPathsAreSafe,
  filePathsAreSafe,
  oneContentWord,
  policyPathsAreSafe,
  sourcesExist,
  variablesNeedATemplate,
} from "./files.ts";
import { companionsFitTheirProbe, oneProbeWord, probesAreValid } from "./health.ts";
import { accountPathsAreSafe, accountsAreOurs, oneVersionWord, readPathsAreSafe } from "./system.ts";
import { daysExist, hoursAreReadable, zonesExist } from "./windows.ts";
import type { Layer } from "../layer.ts";
import { namesIn } from "../paths.ts";
import { pointer } from "../pointer.ts";
import { inReadingOrder } from "../reading-order.ts";

/** Looks at one file, and in the tree for what it refers to. */
export type Rule = (layer: Layer, tree: Tree) => Problem[];

const RULES: readonly Rule[] = [
  groupsExist,
  groupsOnce,
  filePathsAreSafe,
  oneContentWord,
  variablesNeedATemplate,
  sourcesExist,
  checksNameTheFile,
  policyPathsAreSafe,
  confirmedPathsAreSafe,
  oneProbeWord,
  companionsFitTheirProbe,
  probesAreValid,
  accountsAreOurs,
  accountPathsAreSafe,
  oneVersionWord,
  readPathsAreSafe,
  dataPathsAreSafe,
  oneDataSource,
  dataWordsFitTheirSource,
  dataCopiesExist,
  dataAddressesAreValid,
  zonesExist,
  hoursAreReadable,
  daysExist,
];

export function brokenRules(layer: Layer, tree: Tree): Problem[] {
  return inReadingOrder(RULES.flatMap((rule) => rule(layer, tree)));
}

function groupsExist(layer: Layer, tree: Tree): Problem[] {
  const groups = layer.says.groups ?? [];
  return groups.flatMap((group, index) => {
    if (tree.has(`groups/${group}.yaml`)) return [];
    const near = nearest(group, namesIn("groups", tree.keys()));
    const meant = near === undefined ? "" : `did you mean ${near}? Otherwise `;
    const where = layer.place(pointer("groups", String(index)));
    return [
      {
        code: "unknown-group",
        where,
        what: `there is no group ${group}`,
        hint: `${meant}write the file groups/${group}.yaml`,
      },
    ];
  });
}

function groupsOnce(layer: Layer): Problem[] {
  const groups = layer.says.groups ?? [];
  return groups.flatMap((group, index) => {
    if (groups.indexOf(group) === index) return [];
    const where = layer.place(pointer("groups", String(index)));
    return [
      {
        code: "doubled-group",
        where,
        what: `the group ${group} is listed twice`,
        hint: "keep the one that should be nearer to the school: later is nearer",
      },
    ];
  });
}
