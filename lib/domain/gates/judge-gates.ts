import { absoluteGates, type GateSettings } from './absolute-gates.ts';
import { type GateResult, readable } from './gate-result.ts';

/** The number a task is compared by: AUC for two classes, log loss for more, RMSE for values. */
export interface PrimaryMetric {
  readonly name: 'auc' | 'logLoss' | 'rmse';
  readonly title: string;
  readonly higherIsBetter: boolean;
}

/**
 * By how much the model beats the trivial baseline, with the margin of chance: `low` is the lower end of the 95 %
 * interval of the advantage, above 0 when the advantage is more than noise.
 */
export type Advantage =
  | { readonly measure: string; readonly value: number; readonly low: number; readonly high: number }
  | { readonly because: string };

export interface GateInput {
  readonly settings: GateSettings;
  readonly primary: PrimaryMetric;
  readonly metrics: Readonly<Record<string, number | null>>;
  /** Metric → why it is null. */
  readonly unknown: Readonly<Record<string, string>>;
  readonly baseline: { readonly name: string; readonly advantage: Advantage };
  /** On the same rows; absent for the first version of a model, which then has no such gate. */
  readonly champion?: {
    readonly version: number;
    readonly metrics: Readonly<Record<string, number | null>> | null;
    readonly because?: string | undefined;
  };
}

const baselineGate = ({ baseline }: GateInput): GateResult => {
  const { advantage, name } = baseline;
  const base = { gate: 'mustBeatBaseline', title: `better than ${name}, beyond chance`, limit: 0 };
  if ('because' in advantage)
    return {
      ...base,
      status: 'unknown',
      value: null,
      because: `the comparison is unknown: ${advantage.because}`,
    };
  const { measure, value, low, high } = advantage;
  const isBetter = low > 0;
  const because = `${measure} is better by ${readable(value)} (95 % interval ${readable(low)} to ${readable(high)})${
    isBetter ? '' : ', which may be chance'
  }`;
  return { ...base, status: isBetter ? 'pass' : 'fail', value: low, because };
};

/** How much worse than the champion; RMSE as a share of the champion's, because its unit is the target's. */
const championLoss = (primary: PrimaryMetric, value: number, champion: number): number => {
  const loss = primary.higherIsBetter ? champion - value : value - champion;
  if (primary.name !== 'rmse' || loss === 0) return loss;
  return loss / champion;
};

const championGate = (input: GateInput, champion: NonNullable<GateInput['champion']>): GateResult => {
  const { primary, metrics, settings } = input;
  const limit = settings.maxChampionLoss;
  const title =
    limit === 0
      ? `no worse than version ${champion.version} on the same rows`
      : `at most ${readable(limit)} worse than version ${champion.version} on the same rows`;
  const base = { gate: 'maxChampionLoss', title, limit };
  const mine = metrics[primary.name] ?? null;
  const theirs = champion.metrics?.[primary.name] ?? null;
  if (mine === null || theirs === null) {
    const reason = champion.because ?? input.unknown[primary.name] ?? 'the champion has no such number here';
    return { ...base, status: 'unknown', value: null, because: `the comparison is unknown: ${reason}` };
  }
  const loss = championLoss(primary, mine, theirs);
  const because = `${primary.title} is ${readable(mine)}, the champion's ${readable(theirs)}`;
  const value = Number.isFinite(loss) ? loss : null;
  return { ...base, status: loss <= limit ? 'pass' : 'fail', value, because };
};

/** Judges every gate that applies, in order: absolute limits, the trivial baseline, the champion on the same rows. */
export const judgeGates = (input: GateInput): GateResult[] => [
  ...absoluteGates(input.settings, input.metrics, input.unknown),
  ...(input.settings.mustBeatBaseline ? [baselineGate(input)] : []),
  ...(input.champion === undefined ? [] : [championGate(input, input.champion)]),
];
