// The table of kinds: the one place that names them all.
import { groupKind } from "./account/group.ts";
import { userKind } from "./account/user.ts";
import { dataKind } from "./data/data.ts";
import { fileKind } from "./file/file.ts";
import type { Kinds } from "./kind.ts";
import { packageKind } from "./package/package.ts";
import { serviceKind } from "./service/service.ts";

export const everyKind: Kinds = {
  group: groupKind,
  user: userKind,
  package: packageKind,
  file: fileKind,
  data: dataKind,
  service: serviceKind,
};
