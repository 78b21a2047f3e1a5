// Questions asked ahead: asked once, at once, and never in place of others.
import { expect, test } from "@jest/globals";
import { askAhead, nothingAhead } from "../../../reconciler/machine/ahead.ts";
import type { CommandResult, Machine } from "../../../reconciler/machine/machine.ts";

/** Answers with how often it has been asked. */
function countingMachine(): { machine: Machine; asked: string[] } {
  const asked: string[] = [];
  const query = async (argv: readonly string[]): Promise<CommandResult> => {
    asked.push(argv.join(" "));
    return { code: 0, stdout: Buffer.from(String(asked.length)), stderr: "" };
  };
  return { machine: { query } as unknown as Machine, asked };
}

const options = { timeoutMs: 1000 };

async function answerOf(machine: Machine, argv: readonly string[]): Promise<string> {
  return (await machine.query(argv, options)).stdout.toString();
}

test("what was asked ahead is asked once, and at once", async () => {
  const { machine, asked } = countingMachine();
  const ahead = askAhead(machine, [{ argv: ["find", "/a"], options }]);
  expect(asked).toEqual(["find /a"]);
  expect([await answerOf(ahead(machine), ["find", "/a"]), await answerOf(ahead(machine), ["find", "/a"])]).toEqual([
    "1",
    "1",
  ]);
  expect(asked).toEqual(["find /a"]);
});

test("who wants to know how it is now asks again", async () => {
  const { machine } = countingMachine();
  const ahead = askAhead(machine, [{ argv: ["find", "/a"], options }])(machine);
  expect((await ahead.query(["find", "/a"], { ...options, anew: true })).stdout.toString()).toBe("2");
});

test("anything else is asked when it is asked, also words that only look the same", async () => {
  const { machine, asked } = countingMachine();
  const ahead = askAhead(machine, [{ argv: ["find", "/a b"], options }])(machine);
  expect([await answerOf(ahead, ["find", "/a", "b"]), await answerOf(ahead, ["find", "/b"])]).toEqual(["2", "3"]);
  expect(asked).toHaveLength(3);
});

test("whoever has changed something looks anew", async () => {
  const { machine } = countingMachine();
  askAhead(machine, [{ argv: ["find", "/a"], options }]);
  expect(await answerOf(nothingAhead(machine), ["find", "/a"])).toBe("2");
});

test("a question that throws throws for whoever asks it, and for nobody else", async () => {
  const query = async (): Promise<CommandResult> => {
    throw new Error("no find here");
  };
  const machine = { query } as unknown as Machine;
  const ahead = askAhead(machine, [{ argv: ["find", "/a"], options }]);
  await new Promise((resolve) => setImmediate(resolve));
  await expect(answerOf(ahead(machine), ["find", "/a"])).rejects.toThrow("no find here");
});
