// What systemd is asked for: a timer before the first change, another before the last one goes, and none at the end.
import { expect, test } from "@jest/globals";
import { openTimers } from "../../../reconciler/deadman/timer.ts";
import type { CommandResult, Machine } from "../../../reconciler/machine/machine.ts";

const RUN = "20261123T163522123Z-1a2b";
const PROGRAM = ["/usr/bin/node", "/usr/bin/reconcile", "recover", "--config", "/etc/re$conciler.yaml"];

/** A systemd that answers so, and the words that it was told. */
function paper(answers: readonly Partial<CommandResult>[] = []) {
  const asked: string[] = [];
  const run = (argv: readonly string[]): Promise<CommandResult> => {
    const answer = answers[asked.push(argv.join(" ")) - 1];
    return Promise.resolve({ code: 0, stdout: Buffer.alloc(0), stderr: "", ...answer });
  };
  return { asked, timers: openTimers({ run } as unknown as Machine, (name) => [...PROGRAM, "--overdue", name]) };
}

const ASKED = (nth: number, seconds: number): string =>
  [
    `systemd-run --quiet --collect --no-ask-password --unit=reconciler-deadman-${RUN}-${nth} --on-active=${seconds}s`,
    "--timer-property=AccuracySec=1s --property=UMask=0077",
    "--description=Takes back a run of the reconciler that does not end",
    `-- /usr/bin/node /usr/bin/reconcile recover --config /etc/re$$conciler.yaml --overdue ${RUN}`,
  ].join(" ");

test("a timer is armed with the words to the letter, and stopped at the end", async () => {
  const { asked, timers } = paper();
  expect(await timers.arm(RUN, 930_001)).toEqual([]);
  await timers.disarm();
  expect(asked).toEqual([ASKED(1, 931), "systemctl --no-ask-password --quiet stop -- reconciler-deadman-*.timer"]);
});

test("armed anew, the timer before goes when the next one is there", async () => {
  const { asked, timers } = paper();
  await timers.arm(RUN, 930_000);
  expect(await timers.arm(RUN, 132_000)).toEqual([]);
  expect(asked).toEqual([
    ASKED(1, 930),
    ASKED(2, 132),
    `systemctl --no-ask-password --quiet stop -- reconciler-deadman-${RUN}-1.timer`,
  ]);
});

test("one that cannot be armed is told, and leaves the one before where it is", async () => {
  const { asked, timers } = paper([{}, { code: 1, stderr: "\nFailed to start \u001b[31mtransient timer unit\n" }]);
  await timers.arm(RUN, 930_000);
  const [problem, ...more] = await timers.arm(RUN, 132_000);
  expect(problem?.code).toBe("deadman-not-armed");
  expect(problem?.what).toMatch(/systemd-run ended with 1: Failed to start /);
  expect(problem?.what).not.toContain("\u001b");
  expect([more, asked.length]).toEqual([[], 2]);
});

test("a server without systemd-run hears that", async () => {
  const { timers } = paper([{ code: undefined, ended: "not-found" }]);
  expect(await timers.arm(RUN, 1000)).toMatchObject([{ what: expect.stringContaining("systemd-run not-found") }]);
});
