// What may be written as null, which removes what a farther file said.

export type Written<T> = { readonly [Key in keyof T]?: T[Key] | null };
export type Named<T> = Readonly<Record<string, T | null>>;

/** The words of a list that are written and not null. */
export function wordsIn<Word extends string>(
  entry: { readonly [Key in Word]?: unknown },
  words: readonly Word[],
): Word[] {
  return words.filter((word) => entry[word] !== undefined && entry[word] !== null);
}

/** A section without the names that this file removes. */
export function entriesOf<T>(section: Named<T> | null | undefined): [string, T][] {
  return Object.entries(section ?? {}).flatMap(([name, entry]) => (entry === null ? [] : [[name, entry]]));
}

/** Only what is there: neither null nor left out. */
export function present<Key extends string, Value>(
  key: Key,
  value: Value | null | undefined,
): { readonly [Name in Key]?: Value } {
  // A computed key widens to string, so the type has to be said.
  return value === undefined || value === null ? {} : ({ [key]: value } as { readonly [Name in Key]: Value });
}
