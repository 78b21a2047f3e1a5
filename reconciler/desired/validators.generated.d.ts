// Types of the code that scripts/validators.mjs writes from the JSON Schemas.
import type { SchemaError } from "./explain-schema.ts";
import type { WrittenSchool, WrittenState } from "./written.ts";

/** Leaves what it found in `errors` until it is called again. */
export interface Validator<T> {
  (value: unknown): value is T;
  errors: readonly SchemaError[] | null | undefined;
}

export declare const validateState: Validator<WrittenState>;
export declare const validateSchool: Validator<WrittenSchool>;
