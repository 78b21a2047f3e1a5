// System groups as a kind of resource.
import type { ResourceKind } from "../kind.ts";
import { accountKind } from "./account.ts";

export const groupKind: ResourceKind = accountKind;
