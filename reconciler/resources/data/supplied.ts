// An item that has a source, and what that source answers.
import type { Problem } from "../../../common/problem.ts";
import type { Data } from "../../model/data-state.ts";
import type { Supply } from "../../model/target.ts";
import type { Item } from "./item.ts";

export interface Supplied {
  readonly path: string;
  readonly state: Data;
  readonly supply: Supply;
}

/** What is known of it now, and what went wrong on the way. */
export interface Answer {
  readonly item: Item;
  readonly problem?: Problem;
}
