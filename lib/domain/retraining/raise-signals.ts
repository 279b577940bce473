import type { Lane } from '../../wire/names.ts';
import type { WindowRecord } from '../drift/index.ts';
import type { RealisedWindow } from '../labels/index.ts';
import { type LaneState, laneRuleOf } from '../lane-alarms/index.ts';
import type { Run } from '../registry/index.ts';
import type { Signal } from './records.ts';

export interface AlarmFacts {
  readonly lane: Lane;
  readonly state: LaneState;
  readonly since: string;
}

export interface SignalFacts {
  readonly model: string;
  readonly champion: number;
  /** When it became champion, the last time it did. */
  readonly championSince: string;
  /** What model.json lets start a run. */
  readonly when: readonly string[];
  readonly alarms: readonly AlarmFacts[];
  readonly windowHours: number;
  /** Newest first. */
  readonly windows: readonly WindowRecord[];
  /** What labels told of them, newest first. */
  readonly realised: readonly RealisedWindow[];
  /** All there were of late, answered ones included. */
  readonly known: readonly Signal[];
  readonly runs: readonly Run[];
  readonly at: string;
}

type OwnFacts = Pick<SignalFacts, 'windows' | 'realised' | 'champion' | 'windowHours'>;

/** The scores of a lane in the champion's windows, newest first. Labels come later than windows are judged. */
const scoresOf = (lane: Lane, { windows, realised, champion }: OwnFacts): readonly number[] => {
  const own = ({ version }: { readonly version: number }): boolean => version === champion;
  if (lane === 'realised-quality') return realised.filter(own).flatMap(({ score }) => score ?? []);
  return windows.filter(own).flatMap((window) => window.lanes.find((one) => one.lane === lane)?.score ?? []);
};

/**
 * Whether the champion's own windows say what the alarm says. The alarm remembers windows of the champion before, which
 * a promotion has answered.
 */
export const isOwnBreach = (lane: Lane, facts: OwnFacts): boolean => {
  const { breaches, outOf } = laneRuleOf(lane, facts.windowHours);
  const scores = scoresOf(lane, facts).slice(0, outOf);
  return scores.filter((score) => score >= 1).length >= breaches;
};

/** What kind of signal an alarm is; `undefined` for one that starts nothing. */
const kindOf = (lane: Lane, when: readonly string[], isDrifting: boolean): Signal['kind'] | undefined => {
  if (lane === 'drift') return when.includes('drift') ? 'drift' : undefined;
  if (!when.includes('quality')) return undefined;
  if (lane === 'realised-quality') return 'quality';
  // An estimate alone may be wrong: it counts where something moved as well.
  return lane === 'estimated-quality' && isDrifting ? 'quality' : undefined;
};

const endedInVain: readonly Run['status'][] = ['rejected', 'refused', 'failed'];

/** The id of an alarm's next signal; `undefined` while the one before waits, or its run goes on or succeeded. */
const nextId = (
  episode: string,
  { known, runs, championSince }: Pick<SignalFacts, 'known' | 'runs' | 'championSince'>,
): string | undefined => {
  const earlier = known.filter(({ signalId }) => signalId === episode || signalId.startsWith(`${episode}-`));
  const isVain = ({ answeredBy }: Signal) =>
    runs.some(({ runId, status }) => runId === answeredBy && endedInVain.includes(status));
  // Answered while the version was champion before, or closed because it was not, and people have rolled back to it.
  const isUndone = ({ answeredAt, isClosed }: Signal) =>
    isClosed === true || (answeredAt !== undefined && answeredAt < championSince);
  if (!earlier.every((signal) => isVain(signal) || isUndone(signal))) return undefined;
  return earlier.length === 0 ? episode : `${episode}-${earlier.length + 1}`;
};

/**
 * The signals that alarms raise now: each once for as long as it rings, and once more after a run that answered it in
 * vain, or whose version people rolled back, while it still rings.
 */
export const raiseSignals = (facts: SignalFacts): readonly Signal[] => {
  const { model, champion, when, at } = facts;
  const ringing = facts.alarms.filter(({ lane, state }) => state === 'alarm' && isOwnBreach(lane, facts));
  const isDrifting = ringing.some(({ lane }) => lane === 'drift');
  return ringing.flatMap(({ lane, since }): readonly Signal[] => {
    const kind = kindOf(lane, when, isDrifting);
    const signalId = kind && nextId(`${lane}-v${champion}-${since}`, facts);
    if (kind === undefined || signalId === undefined) return [];
    const why = `the ${lane} alarm of version ${champion} rings since ${since}`;
    return [{ model, signalId, kind, version: champion, why, by: 'monitor', at }];
  });
};
