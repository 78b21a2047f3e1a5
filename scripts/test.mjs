// `npm test`: a ready checkout, then every test; arguments go to jest. The last line is the totals and nothing else.
import { setUp } from "./setup.mjs";
import { describeTotals, faultOf, runJest } from "./jest.mjs";

await setUp();
const { code, totals } = await runJest(process.argv.slice(2), (text) => process.stderr.write(text));
const fault = faultOf(totals, process.env.CI === "true");
if (fault !== undefined) process.stderr.write(`${fault}\n`);
process.exitCode = fault === undefined ? code : 1;
process.stdout.write(`${describeTotals(totals)}\n`);
