// What can go wrong with a service, in words for a person.
import { printable, printableLines } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import type { SupervisedService } from "../supervisors/supervisor.ts";

const LONGEST_WORDS = 1500;

export function noSupervisor(name: string): Problem {
  return {
    code: "no-supervisor",
    what: `nobody looks after services here, so ${printable(name)} stays as it is`,
    hint: "start `reconcile supervise` where there is no systemd, OpenRC or SysV init, or leave the service out here",
  };
}

export function unknown(name: string, supervisor: string): Problem {
  return {
    code: "service-unknown",
    what: `${supervisor} knows no service ${printable(name)}, and nothing that is wanted here brings it`,
    hint: "name the package that brings it under `packages`, or write its unit file; or look how it is called here",
  };
}

export function masked(name: string): Problem {
  return {
    code: "service-masked",
    what: `service ${printable(name)} is masked on this server, so it can be neither enabled nor started`,
    hint: "write `masked: false` if it may run here after all",
  };
}

export function cannotMask(name: string, supervisor: string): Problem {
  return {
    code: "supervisor-cannot",
    what: `${supervisor} has no way to mask a service, and ${printable(name)} is to be masked`,
    hint: "write `enabled: false` and `running: false` for servers of this kind",
  };
}

/** `how` follows the name: `has failed`, `ended`. */
export function failed(name: string, how: string, service: SupervisedService | undefined, words: string): Problem {
  const detail = service === undefined ? "" : ` (${printable(service.detail)})`;
  const said = words === "" ? "" : `; its last words:\n${printableLines(words).slice(-LONGEST_WORDS)}`;
  return {
    code: "service-failed",
    what: `service ${printable(name)} ${how}${detail}${said}`,
    hint: "put its files right and commit again; a service that only does something once has to be left without `running`",
  };
}

export function notAsWanted(name: string, what: string, detail: string): Problem {
  return {
    code: "service-not-as-wanted",
    what: `service ${printable(name)} ${what}, although its supervisor did as it was told (${printable(detail)})`,
    hint: "a unit can be enabled when it has an [Install] section, and masked when it has no file in /etc/systemd/system",
  };
}

export function outOfTime(): Problem {
  return {
    code: "deadline",
    what: "the run has no time left in which its services could be watched, so what it had changed is taken back",
    hint: "raise deadlines.cycle_s in config.yaml, or lower `settle_s` of the services",
  };
}

/** Told after a way back; trying it again would only restart the service again. */
export function notRevived({ what, hint }: Problem): Problem {
  return {
    code: "not-revived",
    what: `everything else is as it was before, but: ${what}`,
    ...(hint === undefined ? {} : { hint }),
  };
}
