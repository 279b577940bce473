import type { WindowRecord } from '../drift/index.ts';
import { describeMovement, type PartMovement, partMovements } from './describe-movement.ts';
import { type DriftReportFacts, newestJudged, thenAndNow } from './facts.ts';
import { estimateOf, inMeasure, measureOf, qualityText } from './quality.ts';
import { shownName, shownShare } from './words.ts';

/** Quality of a window in words: estimated before labels came, and by labels. */
export interface WindowQuality {
  readonly measure?: string;
  readonly estimated?: string;
  readonly realised?: string;
  /** Share of the window's predictions whose truth is known. */
  readonly coverage?: string;
  /** Labels and estimate disagree more than chance explains. */
  readonly isUnreliable: boolean;
}

/** What is known of the quality of one window, in the measure that all windows of the model are told in. */
export const windowQuality = (
  window: WindowRecord | undefined,
  { windows, realised }: Pick<DriftReportFacts, 'windows' | 'realised'>,
): WindowQuality => {
  // Both come newest first.
  const measure = measureOf(windows.toReversed(), realised.toReversed());
  const labels = realised.find(({ windowEnd }) => windowEnd === window?.windowEnd);
  const isUnreliable = labels?.reliability === 'unreliable';
  if (window === undefined || measure === undefined) return { ...(measure && { measure }), isUnreliable };
  const text = qualityText(measure);
  const estimate = estimateOf(window)?.value;
  const value = labels?.outcome === 'judged' ? inMeasure(labels.value, labels.measure, measure) : undefined;
  return {
    measure,
    isUnreliable,
    ...(estimate !== undefined && { estimated: text(estimate) }),
    ...(value !== undefined && { realised: text(value) }),
    ...(labels?.coverage !== undefined && { coverage: shownShare(labels.coverage) }),
  };
};

export interface WindowMovement {
  readonly name: string;
  readonly score: number;
  readonly sentence: string;
  /** Absent where the counts were not kept. */
  readonly parts?: readonly PartMovement[];
}

/** Columns told of where none is over the limit, and at most. */
const [least, most] = [1, 8];

/** How the columns of the newest judged window moved that are over the limit, or the one nearest to it, largest first. */
export const windowMovements = (
  facts: Pick<DriftReportFacts, 'windows' | 'baseline' | 'profile'>,
): readonly WindowMovement[] => {
  const judged = newestJudged(facts.windows);
  if (judged === undefined) return [];
  const find = thenAndNow(judged, facts);
  const over = judged.columns.filter(({ score }) => score >= 1).slice(0, most);
  return (over.length > 0 ? over : judged.columns.slice(0, least)).map((movement) => {
    const { name, score, movedShare } = movement;
    const found = find(movement);
    if (found === undefined)
      return {
        name,
        score,
        sentence: `"${shownName(name)}": ${shownShare(movedShare)} of the traffic moved`,
      };
    const { column, counts } = found;
    return { name, score, sentence: describeMovement(column, counts), parts: partMovements(column, counts) };
  });
};
