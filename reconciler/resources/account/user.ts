// System users as a kind of resource.
import type { ResourceKind } from "../kind.ts";
import { accountKind } from "./account.ts";

export const userKind: ResourceKind = accountKind;
