// apt and dpkg: Debian, Ubuntu and their kin.
import type { PackageManager } from "../manager.ts";
import { broken } from "./broken.ts";
import { conffileHints } from "./conffiles.ts";
import { hold } from "./hold.ts";
import { lockHolder } from "./lock.ts";
import { download, perform } from "./perform.ts";
import { refresh } from "./refresh.ts";
import { repair } from "./repair.ts";
import { secure } from "./secure.ts";
import { simulate } from "./simulate.ts";
import { installed } from "./status.ts";
import { upgrades } from "./upgrades.ts";
import { isAtLeast } from "./versions.ts";

export const apt: PackageManager = {
  name: "apt",
  installed,
  isAtLeast,
  broken,
  repair,
  lockHolder,
  refresh,
  upgrades,
  simulate,
  download,
  secure,
  perform,
  hold,
  conffileHints,
};
