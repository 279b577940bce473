import {
  type BaselineColumn,
  type Cell,
  type ComparedRows,
  categoryBins,
  judgeWindow,
  numberBins,
  type Profile,
  profileBuilder,
  requiredRows,
} from '../../../lib/domain/drift/index.ts';
import { judgeLane, type LaneState, laneRuleOf } from '../../../lib/domain/lane-alarms/index.ts';
import type { Run, Story } from './monitor-stories.ts';

const countOf = (values: Iterable<string>): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
};

/** How often a lane goes into alarm while its points come in. */
export const alarmsOf = (scores: readonly number[], lane: Parameters<typeof laneRuleOf>[0]): number => {
  const rule = laneRuleOf(lane, 24);
  let [state, alarms]: [LaneState, number] = ['unknown', 0];
  scores.forEach((_, index) => {
    const next = judgeLane(scores.slice(0, index + 1), rule, state);
    if (next === 'alarm' && state !== 'alarm') alarms += 1;
    state = next;
  });
  return alarms;
};

/** The fewest rows a window is judged with where nothing else is said. */
const minRows = 500;

/** Freezes the reference of a run and judges its windows as the monitor does; short ones are carried into the next. */
export const judgeRun = ({ referenceRows, windowRows, windows }: Story, { columns, cells }: Run) => {
  const width = columns.length;
  const cellAt = (row: number, index: number): Cell => {
    const cell = cells[row * width + index] as number;
    return columns[index]?.values?.[cell] ?? cell;
  };
  const profileOf = (bins: readonly BaselineColumn['bins'][], from: number, rows: number): Profile => {
    const builder = profileBuilder(bins);
    for (let row = from; row < from + rows; row += 1) builder.add((index) => cellAt(row, index));
    return builder.profile();
  };
  const reference = Array.from({ length: referenceRows }, (_, row) => row);
  const bins = columns.map(({ values }, index) =>
    values === undefined
      ? numberBins(Float64Array.from(reference, (row) => cellAt(row, index) as number))
      : categoryBins(countOf(reference.map((row) => String(cellAt(row, index))))),
  );
  const frozen = profileOf(bins, 0, referenceRows);
  const baseline: ComparedRows = {
    rows: referenceRows,
    columns: columns.map(({ name }, index) => ({
      ...{ name, of: 'feature' },
      ...{ bins: bins[index] as BaselineColumn['bins'] },
      ...{ counts: frozen.columns[index] as BaselineColumn['counts'] },
    })),
  };
  const joined = Math.ceil(requiredRows(referenceRows, width, minRows) / windowRows);
  return Array.from({ length: Math.floor(windows / joined) }, (_, index) => {
    const from = referenceRows + index * joined * windowRows;
    const { drift, dataQuality } = judgeWindow(baseline, profileOf(bins, from, joined * windowRows));
    // A window that could not be judged is no proof of anything.
    return { drift: drift?.score ?? Number.POSITIVE_INFINITY, dataQuality: dataQuality.score };
  });
};
