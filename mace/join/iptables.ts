// Pieces in the form of iptables-restore in, one text of that form out: each table once, with its chains first.
import { type Line, linesOf } from "./line.ts";

interface Table {
  head: Line;
  /** By name; comments before a declaration stay before it. */
  readonly chains: Map<string, { readonly comments: Line[]; declaration: Line }>;
  readonly rules: Line[];
  commit: Line;
}

interface Sorting {
  readonly tables: Map<string, Table>;
  /** Outside of every table. */
  readonly loose: Line[];
  /** Comments and empty lines that wait for the line they belong to. */
  waiting: Line[];
}

const CHAIN = /^\s*:(\S+)(?:\s+(\S+))?/;
const RULE = /^\s*(?:\[\d+:\d+\]\s*)?-/;

/**
 * A chain is declared once, and the last policy given to it counts. Rules stay in the order of the pieces. What comes
 * before the first `*table` of a piece belongs to `filter`; a line of any other form is left for the checker to refuse.
 */
export function joinTables(texts: readonly string[]): readonly Line[] {
  const sorting: Sorting = { tables: new Map(), loose: [], waiting: [] };
  texts.forEach((text, piece) => sortPiece(sorting, linesOf(text, piece)));
  return [...sorting.loose, ...[...sorting.tables.values()].flatMap(written)];
}

function sortPiece(sorting: Sorting, lines: readonly Line[]): void {
  let table: Table | undefined;
  let last: Table | undefined;
  for (const line of lines) {
    const text = line.text.trim();
    if (text === "" || text.startsWith("#")) sorting.waiting.push(line);
    else if (text.startsWith("*")) table = tableOf(sorting, text, line);
    else if (text === "COMMIT") {
      table?.rules.push(...take(sorting));
      if (table !== undefined) table.commit = line;
      table = undefined;
    } else if (text.startsWith(":")) declare((table ??= tableOf(sorting, "*filter")), line, take(sorting));
    else if (RULE.test(text)) (table ??= tableOf(sorting, "*filter")).rules.push(...take(sorting), line);
    else (table?.rules ?? sorting.loose).push(...take(sorting), line);
    last = table ?? last;
  }
  (last?.rules ?? sorting.loose).push(...take(sorting));
}

function tableOf({ tables }: Sorting, name: string, line?: Line): Table {
  let table = tables.get(name);
  if (table === undefined) {
    table = { head: { text: name }, chains: new Map(), rules: [], commit: { text: "COMMIT" } };
    tables.set(name, table);
  }
  if (line !== undefined && table.head.from === undefined) table.head = line;
  return table;
}

function declare({ chains }: Table, line: Line, comments: readonly Line[]): void {
  const [, name = "", policy = "-"] = CHAIN.exec(line.text) ?? [];
  const known = chains.get(name);
  if (known === undefined) chains.set(name, { comments: [...comments], declaration: line });
  else {
    known.comments.push(...comments);
    if (policy !== "-") known.declaration = line;
  }
}

function take(sorting: Sorting): readonly Line[] {
  const taken = sorting.waiting;
  sorting.waiting = [];
  return taken;
}

function written({ head, chains, rules, commit }: Table): readonly Line[] {
  const declared = [...chains.values()].flatMap(({ comments, declaration }) => [...comments, declaration]);
  return [head, ...declared, ...rules, commit];
}
