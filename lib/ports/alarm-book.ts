import type { Lane } from '../wire/names.ts';

/** When a lane of a model rings: `breaches` of the last `outOf` windows reached 1, on the series `LaneScore`. */
export interface LaneAlarm {
  readonly model: string;
  readonly lane: Lane;
  /** Whose series it looks at: the champion of the latest window. */
  readonly version: number;
  readonly windowHours: number;
  readonly breaches: number;
  readonly outOf: number;
  /** What a window without a point means: nothing changes, or something is wrong. */
  readonly whenMissing: 'ignore' | 'breaching' | 'not-breaching';
}

export interface LaneAlarmState {
  readonly model: string;
  readonly lane: Lane;
  readonly state: 'ok' | 'alarm' | 'unknown';
  /** ISO 8601, UTC: when it came into this state. */
  readonly since: string;
}

/** The alarms of models' lanes: CloudWatch in the cloud, judged by the same rule on a laptop. */
export interface AlarmBook {
  /**
   * Makes the alarms that are not there and corrects those that differ; the same again changes nothing. An alarm that is to
   * look at another version's series starts anew, as `unknown`: what the version before did counts no more.
   */
  ensure(alarms: readonly LaneAlarm[]): Promise<void>;
  /** The lanes of one model that have an alarm. */
  states(model: string): Promise<readonly LaneAlarmState[]>;
  /** Removes every alarm of a model; does nothing when there is none. */
  remove(model: string): Promise<void>;
}
