/** One measured number beside what it is compared to: a limit we set ourselves, or a peer timed in the same run. */
export interface Figure {
  readonly what: string;
  readonly measured: number;
  readonly beside: string;
  readonly besideValue: number;
  readonly unit: 's' | 'ms' | 'MB';
}

/** The last line a bench prints is what it found. */
export const report = (figures: readonly Figure[]): void => {
  process.stdout.write(`\n${JSON.stringify(figures)}\n`);
};

/** The folder a bench may fill; it is removed afterwards. */
export const benchFolder = (): string => {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('run it by `npm run bench`, which makes a folder for it');
  return folder;
};

export const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
};

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
