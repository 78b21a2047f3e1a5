// Words of a command line in; what the program says, and its exit code, out: in this process, without a build.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { runProgram } from "../../../reconciler/cli/program.ts";

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One at a time: it listens to this process's own streams. */
export async function ask(...words: readonly string[]): Promise<Answer> {
  const heard = { out: "", err: "" };
  const { stdout, stderr } = process;
  const [writeOut, writeErr] = [stdout.write.bind(stdout), stderr.write.bind(stderr)];
  const noColour = process.env["NO_COLOR"];
  stdout.write = (text: string | Uint8Array) => ((heard.out += String(text)), true);
  stderr.write = (text: string | Uint8Array) => ((heard.err += String(text)), true);
  process.env["NO_COLOR"] = "1";
  try {
    return { code: await runProgram(words), ...heard };
  } finally {
    stdout.write = writeOut;
    stderr.write = writeErr;
    if (noColour === undefined) delete process.env["NO_COLOR"];
    else process.env["NO_COLOR"] = noColour;
  }
}

const SCHEMAS = join(import.meta.dirname, "../../../docs/json");

/** What does not fit docs/json/<name>.schema.json; nothing when all does. */
export function misfits(name: string, value: unknown): readonly string[] {
  const ajv = new Ajv({ allErrors: true, strict: false });
  for (const each of ["outcome", "history"]) if (each !== name) ajv.addSchema(schema(each), `${each}.schema.json`);
  const validate = ajv.compile(schema(name));
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}

function schema(name: string): object {
  return JSON.parse(readFileSync(join(SCHEMAS, `${name}.schema.json`), "utf8")) as object;
}
