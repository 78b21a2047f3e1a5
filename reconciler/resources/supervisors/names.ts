// Names of services from outside in; whether they may reach an argument list, and what systemd calls them, out.

const LONGEST = 200;
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.:@+\\-]*$/u;
const SCRIPT = /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/u;
const UNIT = /\.(?:service|socket|timer|path|mount|automount|target|swap)$/u;

/** `squid`, `getty@tty1`, `apt-daily.timer`; not a template without an instance. */
export function isUnitName(name: string): boolean {
  return name.length <= LONGEST && NAME.test(name) && !/@(?:\.[a-z]+)?$/u.test(name);
}

/** The name of a script in /etc/init.d, or of a file of ours. */
export function isScriptName(name: string): boolean {
  return name.length <= LONGEST && SCRIPT.test(name);
}

/** `squid` is `squid.service`; what names another kind of unit stays as it is. */
export function unitOf(name: string): string {
  return UNIT.test(name) ? name : `${name}.service`;
}
