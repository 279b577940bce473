/**
 * How a training thread and its parent agree on an end. A thread that is ended within native code (DuckDB, ONNX Runtime,
 * the loading of either) takes the whole process with it, so the thread says where it is, and is asked before it is ended.
 *
 * Two cells of shared memory: whether the thread shall stop (0, 1), and where it is (`inScript`, `inNativeCode`, or
 * `abandoned`: about to be terminated, and shut out of native code).
 */
export type StopSwitch = Int32Array<SharedArrayBuffer>;

const [stopCell, placeCell] = [0, 1];
const [inScript, inNativeCode, abandoned] = [0, 1, 2];

export const newStopSwitch = (): StopSwitch =>
  new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));

/** The parent's wish; the thread sees it at its next step. */
export const askToStop = (cells: StopSwitch): void => void Atomics.store(cells, stopCell, 1);

/** Whether the thread is outside native code; from a `true` on it will not enter any: it may be terminated. */
export const mayTerminate = (cells: StopSwitch): boolean =>
  Atomics.compareExchange(cells, placeCell, inScript, abandoned) !== inNativeCode;

/** What a training asks on its way. */
export interface StopGuard {
  /** Throws when the training shall stop: between its phases, and once in every round. */
  readonly check: () => void;
  /** Runs work that enters native code; not to be nested. Throws like `check`, before and after. */
  readonly native: <Result>(work: (signal: AbortSignal) => Promise<Result>) => Promise<Result>;
}

const stopped = (): Error => new Error('the training was asked to stop');

/** How often a thread that waits for native work looks whether it shall stop. */
const lookMs = 20;

/** The thread's side of a switch. */
export const stopGuard = (cells: StopSwitch): StopGuard => {
  const isAsked = () => Atomics.load(cells, stopCell) === 1;
  const check = () => {
    if (isAsked()) throw stopped();
  };
  return {
    check,
    native: async (work) => {
      check();
      if (Atomics.compareExchange(cells, placeCell, inScript, inNativeCode) === abandoned) throw stopped();
      const controller = new AbortController();
      const timer = setInterval(() => isAsked() && controller.abort(stopped()), lookMs);
      try {
        return await work(controller.signal);
      } finally {
        clearInterval(timer);
        Atomics.store(cells, placeCell, inScript);
        check();
      }
    },
  };
};

/** For a training that nobody stops. */
export const neverStopped: StopGuard = {
  check: () => {},
  native: (work) => work(new AbortController().signal),
};
