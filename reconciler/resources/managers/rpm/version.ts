// Two versions in; which of them is newer by rpm's order out. The same steps as rpmvercmp() and its `epoch:version-release`.

interface Parts {
  readonly epoch: string | undefined;
  readonly version: string;
  readonly release: string | undefined;
}

/** As rpm does: a missing epoch is 0, and a missing release is older than any. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  return (
    compareWords(a.epoch ?? "0", b.epoch ?? "0") ||
    compareWords(a.version, b.version) ||
    Number(a.release !== undefined) - Number(b.release !== undefined) ||
    compareWords(a.release ?? "", b.release ?? "")
  );
}

function partsOf(text: string): Parts {
  const [, epoch, version = "", release] = /^(?:([0-9]+):)?(.*?)(?:-([^-]*))?$/su.exec(text) ?? [];
  return { epoch, version, release };
}

/** Digits and letters in turn; `~` sorts before everything, even the end, and `^` after the end and before all else. */
function compareWords(one: string, other: string): number {
  let [a, b] = [one, other];
  while (a !== "" || b !== "") {
    [a, b] = [a, b].map((text) => text.replace(/^[^A-Za-z0-9~^]+/u, "")) as [string, string];
    const special = compareSpecial(a, b);
    if (special === "both") [a, b] = [a.slice(1), b.slice(1)];
    else if (special !== undefined) return special;
    else if (a === "" || b === "") break;
    else {
      const kind = /^[0-9]/u.test(a) ? /^[0-9]+/u : /^[A-Za-z]+/u;
      const [word = "", rival] = [kind.exec(a)?.[0], kind.exec(b)?.[0]];
      // Numbers are newer than letters.
      if (rival === undefined) return /^[0-9]/u.test(a) ? 1 : -1;
      const order = /^[0-9]/u.test(word) ? compareNumbers(word, rival) : compareText(word, rival);
      if (order !== 0) return order;
      [a, b] = [a.slice(word.length), b.slice(rival.length)];
    }
  }
  return Math.sign(a.length - b.length);
}

function compareSpecial(a: string, b: string): number | "both" | undefined {
  if (a.startsWith("~") || b.startsWith("~")) {
    if (!a.startsWith("~")) return 1;
    return b.startsWith("~") ? "both" : -1;
  }
  if (!a.startsWith("^") && !b.startsWith("^")) return undefined;
  if (a === "") return -1;
  if (b === "") return 1;
  if (!a.startsWith("^")) return 1;
  return b.startsWith("^") ? "both" : -1;
}

/** However many digits they have. */
function compareNumbers(a: string, b: string): number {
  const [one, other] = [a.replace(/^0+/u, ""), b.replace(/^0+/u, "")];
  return Math.sign(one.length - other.length) || compareText(one, other);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
