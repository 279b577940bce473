import type { Clock } from '../../ports/clock.ts';
import { systemClock } from './system-clock.ts';

/** A clock that is somewhere else in time. */
export interface SimulatedClock extends Clock {
  /** Sets it forward to a moment and wakes whoever slept until then, the earliest first; a moment that is past changes nothing. */
  readonly moveTo: (atMs: number) => void;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/**
 * Starts at `startMs`, goes on at the pace of the machine's own clock, and is set forward by whoever holds it: what takes
 * a second takes a second, and a night passes when somebody says so.
 */
export const simulatedClock = (startMs: number): SimulatedClock => {
  let aheadMs = startMs - Math.floor(performance.now());
  const sleepers = new Set<Sleeper>();
  const now = () => Math.floor(performance.now()) + aheadMs;

  const moveTo = (atMs: number): void => {
    aheadMs += Math.max(0, atMs - now());
    const due = [...sleepers].filter(({ dueAt }) => dueAt <= now());
    for (const { wake } of due.toSorted((a, b) => a.dueAt - b.dueAt)) wake();
  };

  /** Until the time has come by itself or by being set forward. */
  const sleep = async (milliseconds: number, signal?: AbortSignal): Promise<void> => {
    const awake = new AbortController();
    const sleeper = { dueAt: now() + milliseconds, wake: () => awake.abort() };
    sleepers.add(sleeper);
    const ending = signal ? AbortSignal.any([signal, awake.signal]) : awake.signal;
    try {
      await systemClock.sleep(milliseconds, ending);
    } catch (error) {
      if (!awake.signal.aborted) throw error;
    } finally {
      sleepers.delete(sleeper);
    }
  };

  return { now, sleep, moveTo };
};
