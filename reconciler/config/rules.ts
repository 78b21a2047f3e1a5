// What a schema cannot say of the settings: named rules, in the order in which their problems are told.
import { sep } from "node:path";
import type { Problem } from "../../common/problem.ts";
import { isName } from "../desired/paths.ts";
import { inReadingOrder } from "../desired/reading-order.ts";
import type { Config } from "./config.ts";
import { addressesAreOfAKnownKind, noSecretsInAddresses, plainHttpIsMeant } from "./rules-remotes.ts";
import type { Place } from "./rules-remotes.ts";

type Rule = (config: Config, place: Place) => Problem[];

const RULES: readonly Rule[] = [
  machineHasAName,
  addressesAreOfAKnownKind,
  plainHttpIsMeant,
  noSecretsInAddresses,
  branchIsAName,
  portExists,
  stateLiesOutsideTheRoot,
  stateIsAFolderOfItsOwn,
  copyLiesBeside,
  socketPathFits,
];

export function brokenRules(config: Config, place: Place): Problem[] {
  return inReadingOrder(RULES.flatMap((rule) => rule(config, place)));
}

function machineHasAName(config: Config, place: Place): Problem[] {
  if (isName(config.host)) return [];
  const what = `this machine's own name (${config.host}) cannot name a school's server`;
  return [
    {
      code: "bad-host",
      where: place("/host"),
      what,
      hint: "write host: with small letters, digits and hyphens, such as escuela-12",
    },
  ];
}

function branchIsAName({ branch }: Config, place: Place): Problem[] {
  const bad = /^[-/.]|\.\.|[\s~^:?*[\\]|@\{|\/\/|(?:\/|\.|\.lock)$|\/\.|\.lock\/|^@$/u.test(branch);
  return bad
    ? [
        {
          code: "bad-branch",
          where: place("/branch"),
          what: "this cannot be the name of a branch",
          hint: "write a name such as main",
        },
      ]
    : [];
}

function portExists({ http }: Config, place: Place): Problem[] {
  if (http.port <= 65535) return [];
  return [
    {
      code: "bad-port",
      where: place("/http/listen"),
      what: `there is no port ${http.port}`,
      hint: "write a port up to 65535, such as 9642",
    },
  ];
}

/** Below "/" everything is inside; there, no fleet can speak of the state folder by mistake more than of any other. */
function stateLiesOutsideTheRoot({ root, state }: Config, place: Place): Problem[] {
  if (root === "/" || !(inside(state, root) || inside(root, state))) return [];
  const what = `the state (${state}) and the managed root (${root}) lie inside one another: to manage one is to change both`;
  return [
    {
      code: "state-in-root",
      where: place("/state"),
      what,
      hint: "put them beside one another, such as root: root and state: state",
    },
  ];
}

function stateIsAFolderOfItsOwn({ state }: Config, place: Place): Problem[] {
  if (state.split(sep).filter(Boolean).length >= 2) return [];
  const what = `${state} is not a folder of our own`;
  return [
    {
      code: "state-too-wide",
      where: place("/state"),
      what,
      hint: "write a folder that nobody else uses, such as /var/lib/reconciler",
    },
  ];
}

/** What lies in the folder that may be lost is no second copy. */
function copyLiesBeside({ root, state, stateCopy }: Config, place: Place): Problem[] {
  const lost = inside(stateCopy, state) || inside(state, stateCopy);
  const managed = root !== "/" && (inside(stateCopy, root) || inside(root, stateCopy));
  // Where nobody wrote one, whatever is wrong with the state is told there.
  if ((!lost && !managed) || stateCopy === `${state}-copy`) return [];
  const what = `the second copy (${stateCopy}) lies in the ${lost ? "state" : "managed root"} (${lost ? state : root}), or the other way round`;
  return [
    {
      code: "copy-in-state",
      where: place("/state_copy"),
      what,
      hint: "write a folder beside it, such as /var/lib/reconciler-copy, or one on another disk",
    },
  ];
}

/** The kernel's own limit for the path of a socket. */
const MAX_SOCKET_PATH = 107;

function socketPathFits({ control }: Config, place: Place): Problem[] {
  if (Buffer.byteLength(control) <= MAX_SOCKET_PATH) return [];
  const what = `${control} is too long for a socket: ${MAX_SOCKET_PATH} bytes are the most`;
  return [
    {
      code: "long-socket-path",
      where: place("/control"),
      what,
      hint: "write a short path, such as /run/reconciler/control.sock",
    },
  ];
}

function inside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? folder : `${folder}/`);
}
