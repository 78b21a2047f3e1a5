// The JSON Schemas of desired-state/schema in; reconciler/desired/validators.generated.js out: validation as plain code,
// so that nothing is compiled while the program runs. Run it before anything that imports the validators.
import { readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const SCHEMAS = new URL("../desired-state/schema/", import.meta.url);
const OUTPUT = new URL("../reconciler/desired/validators.generated.js", import.meta.url);
const VALIDATORS = {
  validateState: "state.schema.json",
  validateSchool: "school.schema.json",
  validateConfig: "config.schema.json",
};
/** Words of editors: what to say when a pattern does not match, and what not to offer. */
const VOCABULARY = ["patternErrorMessage", "doNotSuggest"];

const options = { strict: true, allowUnionTypes: true, allErrors: true, verbose: true };
const ajv = new Ajv2020.default({ ...options, code: { source: true, esm: true } });
ajv.addVocabulary(VOCABULARY);
for (const file of Object.values(VALIDATORS)) ajv.addSchema(JSON.parse(await readFile(new URL(file, SCHEMAS), "utf8")));

// The generated module calls require() for ajv's small helpers; bundling makes it stand alone.
const bundled = await build({
  stdin: {
    contents: standaloneCode.default(ajv, VALIDATORS),
    resolveDir: fileURLToPath(new URL("..", import.meta.url)),
  },
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  write: false,
  logLevel: "warning",
});
// Replaced in one step, because several builds may run at once.
const temporary = new URL(`${OUTPUT.href}.${process.pid}`);
await writeFile(temporary, bundled.outputFiles[0].text);
await rename(temporary, OUTPUT);
