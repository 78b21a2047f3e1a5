// One YAML file of the fleet in; what it says, with a way back to the lines, out.
import { refuse, succeed } from "../../common/problem.ts";
import type { Result } from "../../common/problem.ts";
import type { TreeFile } from "../model/revision.ts";
import { explainSchemaErrors } from "./explain-schema.ts";
import { validateSchool, validateState } from "./validators.generated.js";
import type { Validator } from "./validators.generated.js";
import type { WrittenSchool } from "./written.ts";
import { parseYaml } from "./yaml.ts";
import type { ParsedYaml } from "./yaml.ts";

/** What one file says. Only a school's file has `groups`. */
export interface Layer extends Pick<ParsedYaml, "place" | "written"> {
  readonly file: string;
  readonly says: WrittenSchool;
}

/** fleet.yaml, or a file of groups/. */
export function parseState(file: TreeFile): Result<Layer> {
  return parseLayer(file, validateState);
}

/** A file of schools/. */
export function parseSchool(file: TreeFile): Result<Layer> {
  return parseLayer(file, validateSchool);
}

function parseLayer(file: TreeFile, validate: Validator<WrittenSchool>): Result<Layer> {
  const parsed = parseYaml(file.path, file.bytes);
  if (!parsed.ok) return parsed;
  const { value, place, written } = parsed.value;
  // A file of comments says nothing, which is something a school may say.
  const says: unknown = value ?? {};
  if (validate(says)) return succeed({ file: file.path, says, place, written });
  return refuse(...explainSchemaErrors(validate.errors ?? [], parsed.value));
}
