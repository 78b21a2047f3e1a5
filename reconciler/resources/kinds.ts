// The table of kinds: the one place that names them all.
import { fileKind } from "./file/file.ts";
import type { Kinds } from "./kind.ts";

export const kinds: Kinds = { file: fileKind };
