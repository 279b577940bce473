import {
  type ChallengerVerdict,
  dataGate,
  goldenGate,
  judgeChallenger,
  recentGate,
  sanityGate,
} from '../../../lib/domain/gates/index.ts';

const rights = (rows: number, wrong: number) =>
  Array.from({ length: rows }, (_, row) => (row < wrong ? 0 : 1));

/** Better on recent rows and worse on trusted ones, as poisoned labels make a challenger; one slice is small. */
export const conflict = (): ChallengerVerdict =>
  judgeChallenger([
    ...dataGate({
      quality: { score: 0.2, because: 'nothing is out of place' },
      rows: 4100,
      usualRows: 4000,
      driftScores: { distance: 0.4 },
    }),
    ...goldenGate({
      task: 'classes',
      champion: rights(2000, 200),
      challenger: rights(2000, 400),
      slices: { 'origin = JFK': Array.from({ length: 120 }, (_, row) => row) },
    }),
    recentGate({ rows: 1200, championOnly: 40, challengerOnly: 130 }),
    ...sanityGate({
      rows: 1200,
      calibrationError: { champion: 0.03, challenger: 0.034 },
      positiveRate: { champion: 0.2, challenger: 0.23 },
      latencyMs: { value: 0.4, budget: 50 },
      sizeBytes: { value: 220_000, budget: 100e6 },
      parity: { maxDifference: 0, tolerance: 1e-6 },
    }),
  ]);
