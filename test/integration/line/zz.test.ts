import { afterAll, beforeAll, test } from "@jest/globals";
import { StagedSchool } from "./state-machine-school.ts";
let s: StagedSchool;
beforeAll(async () => { s = await StagedSchool.open(); await s.prepare(); });
afterAll(() => s.close());
test("x", async () => {
  const out: string[] = [];
  for (const m of (process.env["MISHAPS"] ?? "kill,hang,error,disk full,clock jump,newer commit,suspend").split(","))
  for (const w of (process.env["MOMENTS"] ?? "fetch,verify,read,render,refresh,observe,plan,check,apply,judge,rollback,recover,keep").split(",")) {
    const t = performance.now();
    const told = await s.tell(m as never, w as never).catch((e: unknown) => String((e as Error).stack));
    out.push(`${m} @ ${w}: ${typeof told === "string" ? told : `${told.result} ${told.tree}${told.timer === undefined ? "" : ` [timer ${told.timer}]`} -> ${told.next} ${told.then} -> ${told.last}`} ${Math.round(performance.now() - t)}`);
  }
  console.log(out.join("\n"));
}, 1000000);
