// The name of a unit in; where systemd would look for what defines it, there now or not, out.

/** Below /run and in the generators' folders nobody keeps anything. */
const FOLDERS = [
  "/etc/systemd/system",
  "/usr/local/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/lib/systemd/system",
];

/** Paths of files, and of drop-in folders, which end with "/". */
export function unitFiles(unit: string): readonly string[] {
  const dot = unit.lastIndexOf(".");
  const [stem, type] = [unit.slice(0, dot), unit.slice(dot + 1)];
  const at = stem.indexOf("@");
  const template = at < 0 ? [] : [`${stem.slice(0, at + 1)}.${type}`];
  const dropIns = [unit, ...template, ...prefixes(stem).map((prefix) => `${prefix}.${type}`), type];
  return FOLDERS.flatMap((folder) => [
    ...[unit, ...template].map((name) => `${folder}/${name}`),
    ...dropIns.map((name) => `${folder}/${name}.d/`),
  ]);
}

/** `a-b-c` also has the drop-ins of `a-b-` and `a-`. */
function prefixes(stem: string): readonly string[] {
  return Array.from(stem.matchAll(/-(?=.)/gu), ({ index }) => stem.slice(0, index + 1));
}
