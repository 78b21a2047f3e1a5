// zypper's XML in; its tags, and the words in them, out. A reader for the flat lists it prints, not for XML at large.

export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** The names of the tags around it, the outermost first. */
  readonly path: readonly string[];
  /** What stands between it and the next tag. */
  readonly text: string;
}

const TAG = /<(\/?)([a-z][a-z-]*)((?:\s+[a-z][a-z0-9-]*=(?:"[^"]*"|'[^']*'))*)\s*(\/?)>([^<]*)/gu;
const ATTRIBUTE = /([a-z][a-z0-9-]*)=(?:"([^"]*)"|'([^']*)')/gu;
const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

export function tagsOf(xml: string): readonly Tag[] {
  const tags: Tag[] = [];
  const path: string[] = [];
  for (const [, closing, name = "", attributes = "", empty, text = ""] of xml.matchAll(TAG)) {
    if (closing === "/") {
      path.length = Math.max(0, path.lastIndexOf(name));
      continue;
    }
    tags.push({ name, attributes: attributesOf(attributes), path: [...path], text: decode(text) });
    if (empty !== "/") path.push(name);
  }
  return tags;
}

function attributesOf(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)];
  return new Map(found.map(([, name = "", double, single]) => [name, decode(double ?? single ?? "")]));
}

function decode(text: string): string {
  return text.replace(/&(?:#([0-9]{1,7})|([a-z]+));/gu, (whole, number: string | undefined, name = "") => {
    const code = Number(number);
    if (number === undefined) return ENTITIES[String(name)] ?? whole;
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
