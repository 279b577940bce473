import { isPast } from './is-past.ts';
import type { Decision, Pause, Signal } from './records.ts';
import { answeredNow, isNewData } from './signals.ts';

const hourMs = 3_600_000;

/** At most this many runs of the controller in seven days; then people are called instead. */
export const maxRetrains = 3;
export const budgetDays = 7;

/** After a challenger that was rejected, and after each one more, up to four days. */
const backOffHours = (rejections: number): number => Math.min(96, 24 * 2 ** (rejections - 1));

/** Everything the controller looks at. It reacts to what is, not to what it was told: events only wake it. */
export interface RetrainingState {
  /** Raised and not answered by any run. */
  readonly signals: readonly Signal[];
  readonly pause?: Pause;
  /** A run of the model that has not ended, whoever started it. */
  readonly runInFlight?: string;
  readonly champion?: { readonly version: number; readonly since: string };
  /** Starts of the runs this controller decided on, in any order. */
  readonly retrainStarts: readonly string[];
  /** Challengers rejected one after the other since the last one that became champion. */
  readonly rejections: { readonly count: number; readonly lastAt?: string };
  /** The longest of what must pass between two runs: by model.json, by the delay of labels, by the span of an alarm. */
  readonly coolDownHours: number;
  /** Whether there is anything to train on at all. */
  readonly hasData: boolean;
  /** Batches that no trained model has seen. */
  readonly newBatches: number;
  /** The rows in them; absent where a batch does not know its own, which is then taken for enough. */
  readonly newRows?: number;
  /** With fewer new rows nothing but a person starts a run. */
  readonly minNewRows: number;
  /** Why the data may not be trusted now; absent: nothing is known against it. */
  readonly dataQualityAlarm?: string;
}

export type Verdict = Pick<Decision, 'decision' | 'because'>;

const verdict = (decision: Verdict['decision'], because: string): Verdict => ({
  decision,
  because: [because],
});

const iso = (atMs: number): string => new Date(atMs).toISOString();

const latestOf = (moments: readonly (string | undefined)[]): number =>
  Math.max(Number.NEGATIVE_INFINITY, ...moments.flatMap((at) => (at === undefined ? [] : [Date.parse(at)])));

/** What nobody overrides: a pause, one run at a time, and that there is data. */
const strictly = ({ pause, runInFlight, hasData }: RetrainingState): Verdict | undefined => {
  if (pause?.isPaused) return verdict('refuse', `paused by ${pause.by} since ${pause.at}: ${pause.reason}`);
  if (runInFlight !== undefined) return verdict('wait', `run ${runInFlight} has not ended`);
  return hasData ? undefined : verdict('refuse', 'there is no data yet: drop a data file');
};

/** What nobody overrides by asking; new data is what a run is for. */
const withinBudget = ({ retrainStarts }: RetrainingState, nowMs: number): Verdict | undefined => {
  const spent = retrainStarts.filter((at) => Date.parse(at) > nowMs - budgetDays * 24 * hourMs);
  if (spent.length >= maxRetrains)
    return verdict(
      'page',
      `${spent.length} retrainings since ${iso(Math.min(...spent.map(Date.parse)))}, at most ${maxRetrains} in ${budgetDays} days: more of the same will not help, somebody must look`,
    );
  return undefined;
};

/** What a person may override by asking. */
const withRestraint = (state: RetrainingState, nowMs: number): Verdict | undefined => {
  const { rejections, champion, dataQualityAlarm, coolDownHours } = state;
  if (dataQualityAlarm !== undefined)
    return verdict('refuse', `the data is not to be trusted: ${dataQualityAlarm}`);
  const backOffEnds = latestOf([rejections.lastAt]) + backOffHours(rejections.count) * hourMs;
  if (rejections.count > 0 && nowMs < backOffEnds)
    return verdict(
      'wait',
      `${rejections.count} challenger(s) in a row were rejected: the next may come at ${iso(backOffEnds)}`,
    );
  const reign = isPast(champion?.since, nowMs) ? champion?.since : undefined;
  const coolDownEnds = latestOf([...state.retrainStarts, reign]) + coolDownHours * hourMs;
  if (nowMs < coolDownEnds)
    return verdict('wait', `cooling down for ${coolDownHours} hours, until ${iso(coolDownEnds)}`);
  if (state.newBatches === 0)
    return verdict('wait', 'no new data since the last model was trained: the same rows give the same model');
  if (state.newRows !== undefined && state.newRows < state.minNewRows)
    return verdict(
      'wait',
      `${state.newRows} new row(s) since the last model was trained, needs ${state.minNewRows} (retrain.minNewRows)`,
    );
  return undefined;
};

/**
 * What to do about a model now, and why. Pure: the same state at the same moment is the same decision. `retrain` answers
 * those of `answeredNow`, which are every pending signal but for batches that need a run alone; any other decision leaves all pending. Reasons name moments, not spans, so that saying
 * the same again is saying the same.
 */
export const decide = (state: RetrainingState, nowMs: number): Verdict => {
  const signals = answeredNow(state.signals);
  if (signals.length === 0) return verdict('wait', 'nothing asks for a new model');
  const isDropped = signals.some(isNewData);
  const isAsked = isDropped || signals.some(({ kind }) => kind === 'manual');
  const held =
    strictly(state) ??
    (isDropped ? undefined : withinBudget(state, nowMs)) ??
    (isAsked ? undefined : withRestraint(state, nowMs));
  return held ?? { decision: 'retrain', because: signals.map(({ why }) => why) };
};
