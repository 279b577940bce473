/** Delays kept: enough for a 95th percentile to half a point of its rank. */
const maxDelays = 2 ** 16;

/** Delays of as many rows as come, in 512 KB: of more than 65,536 every second is kept, then every fourth, and so on. */
export const delaySample = () => {
  const kept = new Float64Array(maxDelays);
  let [size, seen, step] = [0, 0, 1];
  return {
    add: (delayMs: number): void => {
      seen += 1;
      if (seen % step !== 0) return;
      kept[size] = delayMs;
      size += 1;
      if (size < maxDelays) return;
      size = maxDelays / 2;
      // Every second one: those whose turn it is at the doubled step.
      for (let at = 0; at < size; at++) kept[at] = kept[2 * at + 1] as number;
      step *= 2;
    },
    delays: (): Float64Array => kept.slice(0, size),
  };
};
