/** How the rows of a dropped file are written down; compression is told from the content, not from the name. */
export type SourceFormat = 'csv' | 'parquet' | 'jsonl' | 'json';

const formats: Readonly<Record<string, SourceFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  parquet: 'parquet',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
};

/** The format a file name promises, with or without `.gz`; `undefined` for a name that promises none. */
export const sourceFormatOf = (fileName: string): SourceFormat | undefined => {
  const extension = /\.([a-z]+)(?:\.gz)?$/i.exec(fileName)?.[1];
  return extension === undefined ? undefined : formats[extension.toLowerCase()];
};
