// Cases of pieces in; a test each that the real program finds the good ones good, and one that it refuses the broken one.
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import type { Answer, Program } from "../program.ts";
import { writeTree } from "../program.ts";
import { canTry, type TriedServer } from "../tried-server.ts";
import type { Case } from "./network-cases.ts";

export interface Judges {
  readonly mace: Program;
  readonly server: TriedServer;
}

/** `judges` is only asked for while a test runs. */
export function judge(cases: readonly Case[], judges: () => Judges): void {
  describe.each(cases.map((one, at) => ({ ...one, at })))("$service", ({ at, good, broken, programs, ...expected }) => {
    const [goodFolder, brokenFolder] = [`good-${at}`, `broken-${at}`];

    test("good pieces pass the program's own check", () => {
      if (!canTry(...programs)) return;
      writeTree(join(judges().mace.folder, goodFolder), good);
      const { code, out, err } = runMace(judges(), "check", "--json", ...sources(judges(), goodFolder));
      expect({ code, err, out }).toMatchObject({ code: 0 });
      const files = expected.checked.map((path) => expect.objectContaining({ path, checked: true }));
      expect(JSON.parse(out)).toMatchObject({ ok: true, files: expect.arrayContaining(files) });
    });

    test("a broken piece is refused, in the program's own words", () => {
      if (!canTry(...programs)) return;
      writeTree(join(judges().mace.folder, goodFolder), good);
      writeTree(join(judges().mace.folder, brokenFolder), broken);
      const { code, out } = runMace(judges(), "check", "--json", ...sources(judges(), goodFolder, brokenFolder));
      const { refused: file, says } = expected;
      const problem = { code: "check-failed", where: { file }, what: expect.stringMatching(says) };
      expect(code).toBe(1);
      expect(JSON.parse(out)).toMatchObject({ ok: false, problems: [expect.objectContaining(problem)] });
    });
  });
}

/** Runs mace inside the tried server. */
export function runMace({ mace, server }: Judges, ...words: readonly string[]): Answer {
  return server.run([process.execPath, join(mace.folder, "dist/mace.js"), ...words]);
}

/** Options for sources that lie beside the program. */
export function sources({ mace }: Judges, ...folders: readonly string[]): readonly string[] {
  return ["--family", "debian", ...folders.flatMap((folder) => ["--src", join(mace.folder, folder)])];
}
