// Types of the code that scripts/validators.mjs writes from the JSON Schemas.
import type { WrittenLayer } from "./declarations.ts";
import type { WrittenProvider } from "./providers.ts";
import type { SchemaError } from "./schema.ts";

/** Leaves what it found in `errors` until it is called again. */
export interface Validator<T> {
  (value: unknown): value is T;
  errors: readonly SchemaError[] | null | undefined;
}

export declare const validateProvider: Validator<WrittenProvider>;
export declare const validateLayer: Validator<WrittenLayer | null>;
