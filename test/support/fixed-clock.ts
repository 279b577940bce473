import type { Clock } from '../../lib/ports/clock.ts';

/** A clock that tests hold: time moves when somebody sleeps or when the test says so. */
export interface FixedClock extends Clock {
  /** Moves time forward and wakes every sleeper that is due, the earliest first. */
  advance(milliseconds: number): Promise<void>;
}

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/** 2026-01-05T09:00:00Z, a Monday morning. */
export const defaultStartMs = Date.UTC(2026, 0, 5, 9);

const oneTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Sleepers in order of waking; equal times wake in the order they fell asleep. */
const makeClock = (startMs: number, isInstant: boolean): FixedClock => {
  let nowMs = startMs;
  let sleepers: readonly Sleeper[] = [];

  const wakeNext = () => {
    const [first, ...rest] = sleepers.toSorted((a, b) => a.dueAt - b.dueAt);
    if (first === undefined) return;
    sleepers = rest;
    nowMs = Math.max(nowMs, first.dueAt);
    first.wake();
  };

  const sleep = (milliseconds: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        sleepers = sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper: Sleeper = { dueAt: nowMs + Math.max(0, milliseconds), wake };
      sleepers = [...sleepers, sleeper];
      signal?.addEventListener('abort', abort, { once: true });
      // Waking takes a turn of the event loop, so that two sleepers of one turn wake in order of time.
      if (isInstant) setImmediate(wakeNext);
    });

  const advance = async (milliseconds: number) => {
    const untilMs = nowMs + milliseconds;
    while (sleepers.some((sleeper) => sleeper.dueAt <= untilMs)) {
      wakeNext();
      await oneTurn();
    }
    nowMs = Math.max(nowMs, untilMs);
  };

  return { now: () => nowMs, sleep, advance };
};

/** Starts at `startMs`; whoever sleeps moves time forward and wakes at once: nothing waits for real. */
export const fixedClock = (startMs: number = defaultStartMs): FixedClock => makeClock(startMs, true);

/** Starts at `startMs` and stands still: sleepers wait until the test calls `advance`. For time-outs beside real work. */
export const manualClock = (startMs: number = defaultStartMs): FixedClock => makeClock(startMs, false);
