// JSON Schemas in; validation as plain code out, so that nothing is compiled while a program runs. Run it before anything
// that imports the validators.
import { readFile, rename, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import standaloneCode from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const root = new URL("../", import.meta.url);
/** Each generated module, and the schemas behind the validators that it exports. */
const MODULES = [
  {
    output: "reconciler/desired/validators.generated.js",
    validators: {
      validateState: "desired-state/schema/state.schema.json",
      validateSchool: "desired-state/schema/school.schema.json",
    },
  },
  {
    output: "reconciler/config/validators.generated.js",
    validators: { validateConfig: "desired-state/schema/config.schema.json" },
  },
  {
    output: "mace/validators.generated.js",
    validators: {
      validateProvider: "mace/services/provider.schema.json",
      validateLayer: "mace/layer.schema.json",
    },
  },
];
/** Words of editors: what to say when a pattern does not match, and what not to offer. */
const VOCABULARY = ["patternErrorMessage", "doNotSuggest"];

for (const { output, validators } of MODULES) await generate(new URL(output, root), validators);

async function generate(output, validators) {
  const ajv = new Ajv2020.default({
    ...{ strict: true, allowUnionTypes: true, allErrors: true, verbose: true },
    code: { source: true, esm: true },
  });
  ajv.addVocabulary(VOCABULARY);
  const names = {};
  for (const [name, file] of Object.entries(validators)) {
    const schema = JSON.parse(await readFile(new URL(file, root), "utf8"));
    ajv.addSchema(schema);
    names[name] = schema.$id;
  }
  await writeModule(output, standaloneCode.default(ajv, names));
}

// The generated code calls require() for ajv's small helpers; bundling makes it stand alone.
async function writeModule(output, contents) {
  const bundled = await build({
    stdin: { contents, resolveDir: fileURLToPath(root) },
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    write: false,
    logLevel: "warning",
  });
  // Replaced in one step, because several builds may run at once.
  const temporary = new URL(`${output.href}.${process.pid}`);
  await writeFile(temporary, bundled.outputFiles[0].text);
  await rename(temporary, output);
}
