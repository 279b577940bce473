import { readSignature } from '../../domain/signature/index.ts';
import { MillraceError } from '../../wire/errors.ts';

/** One answer of the endpoint. */
export type Answered =
  | { readonly probabilities: Readonly<Record<string, number>> }
  | { readonly value: number };

interface GoldenRow {
  readonly row: object;
  /** Probabilities in class order, or one value. */
  readonly answer: readonly number[];
}

const tolerance = 1e-6;

const numbersOf = (answered: Answered | undefined, classes: readonly string[]): readonly number[] => {
  if (answered === undefined) return [];
  return 'value' in answered
    ? [answered.value]
    : classes.map((name) => answered.probabilities[name] ?? Number.NaN);
};

/** A value of a regression may be large: seven digits are all the endpoint gives. */
const distance = (expected: number, actual: number | undefined): number =>
  Math.abs(expected - (actual ?? Number.NaN)) / Math.max(1, Math.abs(expected));

/** Asks with the golden rows, and throws SMOKE_FAILED when an answer is not the one kept with the version. */
export const compareAnswers = async (
  golden: Uint8Array,
  signature: Uint8Array,
  ask: (rows: readonly object[]) => Promise<readonly Answered[]>,
): Promise<{ readonly rows: number; readonly largestDifference: number }> => {
  const kept: GoldenRow[] = new TextDecoder()
    .decode(golden)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  if (kept.length === 0)
    throw new MillraceError('SMOKE_FAILED', 'the version has no golden rows, expected some to compare with');
  const { classes = [] } = readSignature(signature);
  const answers = await ask(kept.map(({ row }) => row));
  const differences = kept.flatMap(({ answer }, at) => {
    const actual = numbersOf(answers[at], classes);
    return answer.map((expected, place) => distance(expected, actual[place]));
  });
  // Math.max, unlike a comparison, lets NaN through: a missing answer is a difference.
  const largestDifference = Math.max(0, ...differences);
  if (!(largestDifference <= tolerance))
    throw new MillraceError(
      'SMOKE_FAILED',
      `the endpoint answers ${largestDifference} apart from the golden rows, expected at most ${tolerance}`,
      { largestDifference },
    );
  return { rows: kept.length, largestDifference };
};
