import { Baseline } from '../../../lib/domain/baseline/index.ts';
import {
  type BaselineColumn,
  columnDrift,
  type Profile,
  WindowRecord,
} from '../../../lib/domain/drift/index.ts';
import type { DriftReportFacts } from '../../../lib/domain/drift-report/index.ts';
import { RealisedWindow } from '../../../lib/domain/labels/index.ts';
import { Decision } from '../../../lib/domain/retraining/index.ts';

export const model = 'flight-delay';

const dayMs = 86_400_000;
const start = Date.parse('2026-04-01T00:00:00Z');
const day = (number: number) => new Date(start + number * dayMs).toISOString();

const counts = (values: readonly number[]) => ({ counts: [...values], outside: 0, wrong: 0 });

const numberColumn = (name: string, edges: readonly number[], values: readonly number[]): BaselineColumn => ({
  name,
  of: 'feature',
  bins: { kind: 'number', edges: [...edges], min: 0, max: 5000 },
  counts: counts(values),
});

const categoryColumn = (
  name: string,
  of: BaselineColumn['of'],
  values: Readonly<Record<string, number>>,
  [others, missing]: readonly [number, number],
): BaselineColumn => ({
  name,
  of,
  bins: { kind: 'category', values: Object.keys(values), isClosed: false, singletons: 0 },
  counts: counts([...Object.values(values), others, missing]),
});

const even = (bins: number) => [...Array.from({ length: bins }, () => 1000), 0];

/** What flights looked like while nothing had changed. */
export const baseline = Baseline.parse({
  schemaVersion: 2,
  model,
  datasetVersion: 'd1',
  rows: 10_000,
  columns: [
    numberColumn('distance', [180, 260, 340, 430, 540, 670, 820, 1050, 1600], even(10)),
    numberColumn('departure hour', [6, 8, 9, 11, 13, 15, 16, 18, 20], even(10)),
    categoryColumn(
      'origin',
      'feature',
      { ATL: 2400, ORD: 1900, DFW: 1600, DEN: 1300, LAX: 1100, PHX: 800 },
      [900, 0],
    ),
    categoryColumn(
      'carrier',
      'feature',
      Object.fromEntries(Array.from({ length: 14 }, (_, at) => [`carrier ${at + 1}`, 1100 - at * 60])),
      [60, 0],
    ),
    categoryColumn('predicted class', 'prediction', { 'on time': 8000, late: 2000 }, [0, 0]),
    {
      ...numberColumn(
        'predicted probability',
        [0.04, 0.06, 0.09, 0.12, 0.16, 0.21, 0.27, 0.36, 0.5],
        even(10),
      ),
      of: 'prediction',
    },
  ],
  label: categoryColumn('late', 'label', { 'on time': 7900, late: 2100 }, [0, 0]),
  promises: [
    { lane: 'drift', windows: 2000, breachShare: 0, widenedBy: 1, because: 'no breach was seen' },
    {
      lane: 'estimated-quality',
      windows: 2000,
      breachShare: 0.004,
      monthsBetweenFalsePages: 14.2,
      widenedBy: 1.25,
      because: 'widened until the promise is kept',
    },
  ],
});

/** The late-April shift: fewer short flights, more long ones, and more of them late. */
export const profile: Profile = {
  rows: 12_000,
  columns: [
    counts([520, 610, 700, 830, 1010, 1150, 1320, 1630, 1990, 2240, 0]),
    counts([1170, 1190, 1230, 1180, 1210, 1240, 1220, 1190, 1170, 1110, 90]),
    counts([2900, 1500, 1900, 1560, 1400, 960, 1780, 0]),
    counts([...Array.from({ length: 14 }, (_, at) => 1310 - at * 70), 30, 0]),
    counts([7700, 4300, 0, 0]),
    counts([600, 700, 820, 930, 1050, 1200, 1350, 1500, 1750, 2100, 0]),
  ],
};

const share = (of: readonly number[], place: number) =>
  (of.at(place) ?? 0) / of.reduce((sum, value) => sum + value, 0);

/** The movements of the baseline's columns, times a strength, as the monitor records them. */
const columnsOf = (strength: number): WindowRecord['columns'] =>
  baseline.columns
    .map((column, place) => {
      const [before, after] = [column.counts.counts, profile.columns[place]?.counts ?? []];
      const now = before.map((count, bin) =>
        Math.round(count + strength * ((after[bin] ?? 0) / 1.2 - count)),
      );
      const drift = columnDrift(before, now, baseline.columns.length);
      return {
        name: column.name,
        of: column.of,
        score: drift?.score ?? 0,
        movedShare: drift?.movedShare ?? 0,
        psi: drift?.psi ?? 0,
        ...(column.bins.kind === 'number' && { ks: drift?.ks ?? 0 }),
        js: 0.1 * strength,
        missingShare: share(now, -1),
        missingShareBefore: share(before, -1),
        outsideShare: 0,
      };
    })
    .toSorted((a, b) => b.score - a.score);

const days = 30;
const shiftOn = 22;

const strengthOn = (number: number): number => (number < shiftOn ? 0.12 + 0.05 * Math.sin(number) : 1);

export const windowOn = (number: number, changes: object = {}): WindowRecord => {
  const columns = columnsOf(strengthOn(number));
  const loss = number < shiftOn ? 0.002 * Math.sin(2 * number) : 0.012;
  return WindowRecord.parse({
    model,
    windowStart: day(number),
    windowEnd: day(number + 1),
    from: day(number),
    windows: 1,
    version: number < 12 ? 1 : 2,
    rows: 12_000,
    outcome: 'judged',
    requiredRows: 500,
    lanes: [
      { lane: 'data-quality', score: 0.21, because: '0.002 of the values of "distance" lie outside' },
      {
        lane: 'drift',
        score: columns[0]?.score ?? 0,
        because: `${(100 * (columns[0]?.movedShare ?? 0)).toFixed(1)} % of the traffic moved in "${columns[0]?.name}"`,
      },
      { lane: 'estimated-quality', score: loss / 0.02, because: 'estimated quality is as it was' },
      { lane: 'freshness', score: 0, because: '12000 prediction(s) in the window' },
    ],
    estimated: { measure: 'accuracy', value: 0.842 - loss, reference: 0.842, referenceSd: 0.003 },
    columns,
    skippedFiles: [],
    skippedFileCount: 0,
    skippedLines: 0,
    judgedAt: day(number + 1),
    ...changes,
  });
};

/** A window without numbers. */
export const gapOn = (number: number, outcome: WindowRecord['outcome'], rows: number): WindowRecord =>
  windowOn(number, { outcome, rows, lanes: [], columns: [], estimated: undefined });

export const realisedOn = (number: number, changes: object = {}): RealisedWindow => {
  const isShifted = number >= shiftOn;
  return RealisedWindow.parse({
    model,
    windowStart: day(number),
    windowEnd: day(number + 1),
    version: number < 12 ? 1 : 2,
    rows: 12_000,
    labelledRows: 11_280,
    coverage: 0.94,
    outcome: 'judged',
    because: isShifted ? '0.231 of 11280 labelled rows were answered wrongly, before 0.160' : 'as before',
    unknownLabels: 3,
    correctedLabels: 11,
    delayHours: 30 + 6 * Math.sin(number),
    measure: 'share of wrong answers',
    value: isShifted ? 0.231 : 0.159 + 0.003 * Math.cos(number),
    reference: 0.16,
    reliability: isShifted ? 'unreliable' : 'reliable',
    score: isShifted ? 3.55 : 0.1,
    seen: 'abc',
    updatedAt: day(number + 2),
    judgedAt: day(number + 2),
    ...changes,
  });
};

const decisionOn = (number: number, changes: object): Decision =>
  Decision.parse({
    model,
    decision: 'wait',
    because: ['run run-7 has not ended'],
    signals: [],
    at: day(number),
    count: 1,
    lastSeenAt: day(number),
    ...changes,
  });

/** A month of flights: an empty day, a quiet one that was carried, and the late-April shift with what followed. */
export const month = (): DriftReportFacts => ({
  model,
  windows: Array.from({ length: days }, (_, number) => {
    if (number === 5) return gapOn(number, 'empty', 0);
    return number === 9 ? gapOn(number, 'carried', 310) : windowOn(number);
  }),
  realised: Array.from({ length: days }, (_, number) => {
    if (number === 5) return [];
    if (number < 26) return [realisedOn(number)];
    const coverage = [0.71, 0.44, 0.12, 0][number - 26] ?? 0;
    return [
      realisedOn(number, {
        outcome: 'waiting',
        coverage,
        labelledRows: Math.round(12_000 * coverage),
        because: `${Math.round(100 * coverage)} % of the labels are there, 80 % are needed`,
        value: undefined,
        score: undefined,
        reliability: undefined,
      }),
    ];
  }).flat(),
  decisions: [
    decisionOn(11.2, {
      decision: 'retrain',
      because: ['asked by ada: new timetable'],
      runId: 'retrain-9c1f00aa12-1-m',
    }),
    decisionOn(23.4, {
      decision: 'wait',
      because: ['2 of 3 windows of the lane drift are over', 'cool-down until 2026-04-25'],
      count: 22,
      lastSeenAt: day(24.3),
    }),
    decisionOn(24.4, { decision: 'refuse', because: ['the data-quality alarm rings'] }),
    decisionOn(25.1, {
      decision: 'retrain',
      because: ['the drift alarm rings'],
      runId: 'retrain-9c1f00aa12-2-x',
    }),
    decisionOn(27.6, { decision: 'page', because: ['three retrainings in the last seven days'] }),
  ],
  baseline,
  profile,
  alarms: [
    { lane: 'data-quality', state: 'ok', since: day(1) },
    { lane: 'drift', state: 'alarm', since: day(24) },
    { lane: 'realised-quality', state: 'alarm', since: day(26) },
    { lane: 'freshness', state: 'ok', since: day(2) },
  ],
  reigns: [
    { version: 2, since: day(12) },
    { version: 1, since: '2026-03-20T10:00:00.000Z' },
  ],
});
