import type { Clock } from '../../../ports/clock.ts';
import { MachineTimedOut } from './failure.ts';

/** A moment after which work that is still under way has failed. */
export interface Deadline {
  readonly atMs: number;
  readonly failure: () => Error;
}

/** Waiting within one execution: on the clock, within the machine's own time-out, and interruptible. */
export interface Timeline {
  now(): number;
  /** Throws MachineTimedOut when the machine's time is up, or the signal's reason. */
  check(signal: AbortSignal): void;
  sleepUntil(untilMs: number, signal: AbortSignal): Promise<void>;
  /**
   * Settles with the work, or fails at the deadline, which is asked for anew when it is reached (heartbeats move it).
   * Work that settles after its deadline has failed too.
   */
  within<T>(work: Promise<T>, deadline: () => Deadline | undefined, signal: AbortSignal): Promise<T>;
}

/**
 * How long, in real time, the clock is left alone while work is under way. Clocks of tests may jump ahead as soon as
 * somebody sleeps; quick work must not be timed out by that. Under the real clock it changes nothing.
 */
const graceMs = 200;

const pause = (milliseconds: number): { readonly over: Promise<void>; readonly cancel: () => void } => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  return { over: promise, cancel: () => clearTimeout(timer) };
};

/** Rejects when the signal aborts; `release` lets go of it. */
const interruption = (signal: AbortSignal) => {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const onAbort = () => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return { interrupted: promise, release: () => signal.removeEventListener('abort', onAbort) };
};

/** Settles with the work, or at once when the signal aborts, even where the work does not listen to it. */
const interruptible = async (work: Promise<void>, signal: AbortSignal): Promise<void> => {
  const { interrupted, release } = interruption(signal);
  await Promise.race([work, interrupted]).finally(release);
};

const earliest = (a: Deadline | undefined, b: Deadline | undefined): Deadline | undefined => {
  if (a === undefined || b === undefined) return a ?? b;
  return a.atMs <= b.atMs ? a : b;
};

export const makeTimeline = (clock: Clock, machineDeadlineMs: number | undefined): Timeline => {
  const inFlight = new Set<Promise<void>>();
  const machineDeadline: Deadline | undefined =
    machineDeadlineMs === undefined
      ? undefined
      : {
          atMs: machineDeadlineMs,
          failure: () => new MachineTimedOut('the machine ran out of its TimeoutSeconds'),
        };

  const check = (signal: AbortSignal) => {
    signal.throwIfAborted();
    if (machineDeadline !== undefined && clock.now() >= machineDeadline.atMs) throw machineDeadline.failure();
  };

  /** Lets work that is about to settle settle before time moves. */
  const quiet = async (signal: AbortSignal) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (inFlight.size === 0) return;
    const grace = pause(graceMs);
    const settled = Promise.all(inFlight).then(() => {});
    await interruptible(Promise.race([settled, grace.over]), signal).finally(grace.cancel);
  };

  const sleepUntil = async (untilMs: number, signal: AbortSignal) => {
    check(signal);
    if (clock.now() >= untilMs) return;
    await quiet(signal);
    const wakeMs = Math.min(untilMs, machineDeadline?.atMs ?? Number.POSITIVE_INFINITY);
    const leftMs = wakeMs - clock.now();
    if (leftMs > 0) await interruptible(clock.sleep(leftMs, signal), signal);
    check(signal);
    // The clock has said that the machine's time has come, whatever it shows.
    if (machineDeadline !== undefined && wakeMs < untilMs) throw machineDeadline.failure();
  };

  const waitFor = async (done: Promise<void>, untilMs: number, signal: AbortSignal) => {
    const sleeping = new AbortController();
    const sleep = clock.sleep(untilMs - clock.now(), AbortSignal.any([sleeping.signal, signal]));
    await interruptible(Promise.race([done, sleep]), signal).finally(() => {
      sleep.catch(() => {});
      sleeping.abort();
    });
  };

  const within = async <T>(
    work: Promise<T>,
    deadline: () => Deadline | undefined,
    signal: AbortSignal,
  ): Promise<T> => {
    let isSettled = false;
    const done = work.then(
      () => {
        isSettled = true;
      },
      () => {
        isSettled = true;
      },
    );
    inFlight.add(done);
    const { interrupted, release } = interruption(signal);
    const grace = pause(graceMs);
    try {
      await Promise.race([done, grace.over, interrupted]);
      let sleptUntilMs = Number.NEGATIVE_INFINITY;
      while (!isSettled) {
        const next = earliest(deadline(), machineDeadline);
        if (next === undefined) {
          await Promise.race([done, interrupted]);
          continue;
        }
        if (next.atMs <= Math.max(clock.now(), sleptUntilMs)) throw next.failure();
        await waitFor(done, next.atMs, signal);
        sleptUntilMs = next.atMs;
      }
      // Work that gives up because of the interruption has not failed by itself.
      signal.throwIfAborted();
      const missed = earliest(deadline(), machineDeadline);
      if (missed !== undefined && missed.atMs < clock.now()) throw missed.failure();
      return await work;
    } finally {
      inFlight.delete(done);
      grace.cancel();
      release();
    }
  };

  return { now: () => clock.now(), check, sleepUntil, within };
};
