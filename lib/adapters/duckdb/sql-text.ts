/** A name as SQL writes it. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A string as SQL writes it. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A list of strings as SQL writes it, between brackets. */
export const quoteList = (texts: readonly string[]): string => `(${texts.map(quoteText).join(', ')})`;

/** A number of an answer; 0 when it is not there. */
export const numberIn = (row: Readonly<Record<string, unknown>> | undefined, name: string): number =>
  Number(row?.[name] ?? 0);
