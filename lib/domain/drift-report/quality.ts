import type { WindowRecord } from '../drift/index.ts';
import type { RealisedWindow } from '../labels/index.ts';
import { shownNumber } from './words.ts';

/** Quality of one window as it was estimated, with what it is by itself. */
export interface Estimate {
  readonly measure: string;
  readonly value: number;
  readonly reference: number;
  readonly referenceSd: number;
}

export const estimateOf = ({ estimated }: WindowRecord): Estimate | undefined =>
  estimated === undefined || 'unknown' in estimated ? undefined : estimated;

const isAccuracy = (measure: string): boolean => /accuracy/i.test(measure);
const isErrorShare = (measure: string): boolean => /wrong/i.test(measure);

/** The measure a page speaks in: that of the estimates, else that of the labels. */
export const measureOf = (
  windows: readonly WindowRecord[],
  realised: readonly RealisedWindow[],
): string | undefined =>
  windows.map(estimateOf).findLast((one) => one !== undefined)?.measure ?? realised.at(-1)?.measure;

/**
 * A realised value in the measure of the estimates: accuracy is one minus the share of wrong answers. `undefined` where
 * the two cannot be compared.
 */
export const inMeasure = (value: number | undefined, from: string, to: string): number | undefined => {
  if (value === undefined || from === to) return value;
  return isErrorShare(from) && isAccuracy(to) ? 1 - value : undefined;
};

/** Quality is told to a tenth of a percent: a loss of two points is already a page. */
export const qualityText = (measure: string): ((value: number) => string) =>
  isShare(measure) ? (value) => `${(100 * value).toFixed(1)} %` : (value) => shownNumber(value, 4);

/** Shares are read in percent, errors of a regression in the unit of what is predicted. */
const isShare = (measure: string): boolean =>
  isAccuracy(measure) || isErrorShare(measure) || /auc|f1/i.test(measure);
