/** A small table with a clear rule: a lamp breaks when it has burned for long or is old. */
export interface Lamp {
  readonly hours: number;
  readonly age: number;
  readonly site: string;
  readonly broken: string;
}

const sites = ['north', 'south', 'west'];

/** Rows that never repeat, `count` of them from the place `from` on: the same in every run. */
export const lamps = (count: number, from = 0): readonly Lamp[] =>
  Array.from({ length: count }, (_, index) => {
    const at = from + index;
    const hours = (at * 379) % 1009;
    const age = (at * 31) % 53;
    // A tenth of the lamps does the opposite, so that no model is perfect.
    const isOdd = (at * 7) % 10 === 3;
    return {
      hours,
      age,
      site: sites[at % sites.length] ?? '',
      broken: hours + 8 * age > 700 !== isOdd ? 'yes' : 'no',
    };
  });

/** The same rows with labels that have nothing to do with them. */
export const noisyLamps = (count: number, from = 0): readonly Lamp[] =>
  lamps(count, from).map((lamp, index) => ({
    ...lamp,
    broken: Math.imul(index + from + 1, 0x9e3779b1) >>> 31 === 1 ? 'yes' : 'no',
  }));

export const csv = (rows: readonly object[]): string => {
  const [first = {}] = rows;
  return [Object.keys(first), ...rows.map((row) => Object.values(row))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
};

/** model.json of the lamps: linear, because that trains in no time. */
export const lampSpec = (changes: object = {}): string =>
  JSON.stringify({
    name: 'lamps',
    task: 'binary',
    target: 'broken',
    trainer: { kind: 'linear' },
    ...changes,
  });
