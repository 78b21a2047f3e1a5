// The embedded supervisor, spoken to over its control socket; the other end is reconciler/supervise.
import { connect } from "node:net";
import type { Machine, MachineReader } from "../../machine/machine.ts";
import { refuse, succeed, type Problem, type Result } from "../../../common/problem.ts";
import { printable } from "../../../common/printable.ts";
import { LOOK_MS, unknownService } from "./answer.ts";
import {
  SUPERVISE_SOCKET,
  SUPERVISE_VERSION,
  type SuperviseAnswer,
  type SuperviseRequest,
} from "./embedded-protocol.ts";
import type { ServiceAction, SupervisedService, Supervisor, SupervisorOptions } from "./supervisor.ts";

const LONGEST_ANSWER = 4 * 1024 * 1024;

export const embedded: Supervisor = {
  name: "embedded",
  look,
  reread: () => Promise.resolve([]),
  act,
  lastWords,
};

async function look(
  machine: MachineReader,
  names: readonly string[],
): Promise<Result<ReadonlyMap<string, SupervisedService>>> {
  const answer = await ask(machine, { version: SUPERVISE_VERSION, verb: "look", names }, LOOK_MS);
  if (answer?.type !== "services") return refuse(silent(answer));
  const { services } = answer;
  const told = (name: string): SupervisedService | undefined =>
    Object.hasOwn(services, name) ? services[name] : undefined;
  return succeed(new Map(names.map((name) => [name, told(name) ?? unknownService()])));
}

async function act(
  machine: Machine,
  action: ServiceAction,
  names: readonly string[],
  { timeoutMs }: SupervisorOptions,
): Promise<readonly Problem[]> {
  if (names.length === 0) return [];
  const answer = await ask(machine, { version: SUPERVISE_VERSION, verb: "act", action, names }, timeoutMs);
  return answer?.type === "acted" ? answer.problems : [silent(answer)];
}

async function lastWords(machine: MachineReader, name: string): Promise<string> {
  const answer = await ask(machine, { version: SUPERVISE_VERSION, verb: "last-words", name }, LOOK_MS);
  return answer?.type === "words" ? answer.words : "";
}

function silent(answer: SuperviseAnswer | undefined): Problem {
  const what =
    answer?.type === "refused"
      ? `the embedded supervisor refuses: ${printable(answer.what)}`
      : "the embedded supervisor does not answer";
  return { code: "supervisor-gone", what, hint: "start it again with `reconcile supervise`, of this same version" };
}

/** Undefined when nobody answers, in time and in one line. */
function ask(
  machine: MachineReader,
  request: SuperviseRequest,
  timeoutMs: number,
): Promise<SuperviseAnswer | undefined> {
  return new Promise((resolve) => {
    const socket = connect(machine.store.hostPath(SUPERVISE_SOCKET));
    let text = "";
    const finish = (answer: SuperviseAnswer | undefined): void => {
      clearTimeout(deadline);
      socket.destroy();
      resolve(answer);
    };
    const deadline = setTimeout(() => finish(undefined), timeoutMs);
    socket.setEncoding("utf8");
    socket.once("connect", () => socket.write(`${JSON.stringify(request)}\n`));
    socket.on("data", (piece: string) => {
      text += piece;
      if (text.length > LONGEST_ANSWER) finish(undefined);
    });
    socket.once("end", () => finish(understand(text)));
    socket.once("error", () => finish(undefined));
  });
}

function understand(text: string): SuperviseAnswer | undefined {
  try {
    return JSON.parse(text) as SuperviseAnswer;
  } catch {
    return undefined;
  }
}
