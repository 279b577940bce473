import { readable } from './gate-result.ts';
import { type GateRow, isAtMost } from './gate-row.ts';
import { oneSided95 } from './golden-gate.ts';
import { limitRow } from './limit-row.ts';
import { minRecentRows } from './recent-gate.ts';

/** Null is "not known", which is no pass; undefined is "has no such number", as a model of values has no positive rate. */
type Known = number | null | undefined;

/** Measured on the same recent rows for both models. */
export interface SanityInput {
  /** On how many rows the two are compared. @default - enough of them */
  readonly rows?: number;
  readonly calibrationError?:
    | {
        readonly champion: Known;
        readonly challenger: Known;
        /** How far the two differ by chance where both are as good: a standard deviation. @default 0 */
        readonly noise?: number;
      }
    | undefined;
  /** Shares of rows answered "yes", 0 … 1. */
  readonly positiveRate?: { readonly champion: Known; readonly challenger: Known } | undefined;
  readonly latencyMs: { readonly value: number | null; readonly budget: number };
  readonly sizeBytes: { readonly value: number | null; readonly budget: number };
  /** The largest difference between the answers of the trained model and of the ONNX file that will serve. */
  readonly parity: { readonly maxDifference: number | null; readonly tolerance: number };
}

const calibrationMargin = 0.02;
const maxRateChange = 0.1;

const change = (pair: { readonly champion: Known; readonly challenger: Known }): number | null =>
  typeof pair.champion === 'number' && typeof pair.challenger === 'number'
    ? pair.challenger - pair.champion
    : null;

/**
 * Past the limit by no more than chance explains (1.645 sd, one-sided 95 %): of two models as well calibrated, one of ten
 * pairs lies more than .02 apart on 500 rows.
 */
const unlessChance = (row: GateRow, noise: number): GateRow => {
  const { value = null } = row.numbers;
  const beyond = value === null ? null : value - oneSided95 * noise;
  if (row.verdict !== 'fail' || beyond === null || !isAtMost(beyond, calibrationMargin)) return row;
  const numbers = { ...row.numbers, noise };
  const because = `${row.because}, and chance alone moves it by ${readable(oneSided95 * noise)} on so few rows`;
  return { ...row, numbers, verdict: 'too-few-rows', because };
};

/** Ten bins of 50 rows: with fewer the calibration error is chance, and so is a difference of it. */
const ifEnough = (row: GateRow, rows: number | undefined): GateRow =>
  rows === undefined || rows >= minRecentRows
    ? row
    : {
        ...row,
        verdict: 'too-few-rows',
        because: `${rows} recent rows, ${minRecentRows} are needed to tell`,
      };

const changeRow = (
  subject: string,
  pair: NonNullable<SanityInput['positiveRate']>,
  options: { readonly limit: number; readonly isEitherWay: boolean; readonly rows: number | undefined },
): GateRow => {
  const difference = change(pair);
  const row = limitRow({
    gate: 'G3',
    subject,
    value: difference !== null && options.isEitherWay ? Math.abs(difference) : difference,
    limit: options.limit,
    numbers: { champion: pair.champion ?? null, challenger: pair.challenger ?? null },
  });
  return ifEnough(row, options.rows);
};

/**
 * G3: calibration error ≤ champion's + .02 and chance, positive rate within 10 points of the champion's either way, latency, size
 * and parity within their budgets. A limit is met when it is equalled.
 */
export const sanityGate = (input: SanityInput): GateRow[] => {
  const { rows, calibrationError, positiveRate, latencyMs, sizeBytes, parity } = input;
  const budget = (subject: string, value: number | null, limit: number) =>
    limitRow({ gate: 'G3', subject, value, limit });
  return [
    ...(calibrationError === undefined
      ? []
      : [
          unlessChance(
            changeRow('increase of calibration error', calibrationError, {
              limit: calibrationMargin,
              isEitherWay: false,
              rows,
            }),
            calibrationError.noise ?? 0,
          ),
        ]),
    ...(positiveRate === undefined
      ? []
      : [
          changeRow('change of positive rate', positiveRate, {
            limit: maxRateChange,
            isEitherWay: true,
            rows,
          }),
        ]),
    budget('latency in ms', latencyMs.value, latencyMs.budget),
    budget('size in bytes', sizeBytes.value, sizeBytes.budget),
    budget('difference from the ONNX file', parity.maxDifference, parity.tolerance),
  ];
};
