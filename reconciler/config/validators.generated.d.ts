// Types of the code that scripts/validators.mjs writes from the JSON Schema of config.yaml.
import type { Validator } from "../desired/validators.generated.js";
import type { WrittenConfig } from "./written-config.ts";

export declare const validateConfig: Validator<WrittenConfig>;
