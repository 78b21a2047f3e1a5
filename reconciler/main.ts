// The process: real arguments, real terminal, exit code; nothing else.
import { outliveReaders } from "../common/output.ts";
import { runProgram } from "./cli/program.ts";

outliveReaders(process);
process.exitCode = await runProgram(process.argv.slice(2));
