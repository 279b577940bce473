import { hash } from 'node:crypto';
import type { JsonValue } from '../../wire/json.ts';
import type { LabelLine } from './label-line.ts';

/** What is known of the truth about one row. */
export interface KnownLabel {
  readonly label: string | number;
  readonly truth: Readonly<Record<string, JsonValue>>;
  /** When the first label of the row came here, milliseconds since the epoch. */
  readonly firstReceivedMs: number;
  /** Whether labels of the row disagreed. */
  readonly isCorrected: boolean;
}

/** Places of one row's fields among the numbers. */
const field = { a: 0, b: 1, marks: 2, label: 3, truth: 4, at: 5, received: 6, first: 7, source: 8, row: 9 };
const width = 10;

/** Bits of `marks`. */
const mark = { isText: 1, isCorrected: 2, isAwaited: 4, isJoined: 8 };

/** Texts by small numbers, each held once. */
const texts = () => {
  const numbers = new Map<string, number>();
  const known: string[] = [];
  return {
    numberOf: (text: string): number => {
      const number = numbers.get(text) ?? known.push(text) - 1;
      numbers.set(text, number);
      return number;
    },
    textOf: (number: number): string => known[number] as string,
  };
};

/** 64 bits of a name: among a million labels and ten million predictions two are taken for one once in two million times. */
const hashOf = (name: string): readonly [number, number] => {
  const digest = hash('sha256', name, 'buffer');
  return [digest.readUInt32LE(0), digest.readUInt32LE(4)];
};

/** Truth told in one column that says what the label says, which most labels are: only the column's name is held. */
const onlyColumnOf = (line: LabelLine): string | undefined => {
  const [first, ...more] = Object.entries(line.truth);
  return first !== undefined && more.length === 0 && first[1] === line.label ? first[0] : undefined;
};

/**
 * Labels by the row they name, one a row: of several the one with the latest `at` counts, then the one that came last, then
 * that of the later source and row, whatever order they are added in. The same label again changes nothing. A million
 * labels take some 100 MB, and more where truth is told in several columns that hardly repeat.
 */
export const labelTable = () => {
  let rows = new Float64Array(256 * width);
  let slots = new Int32Array(512);
  let size = 0;
  const words = texts();

  const get = (at: number, of: number): number => rows[at * width + of] as number;
  const set = (at: number, of: number, value: number): void => {
    rows[at * width + of] = value;
  };

  /** The slot a name is in, or the free one it would be in: open addressing, less than half of the slots are taken. */
  const slotOf = (a: number, b: number): number => {
    let slot = a & (slots.length - 1);
    for (;;) {
      const at = (slots[slot] as number) - 1;
      if (at < 0 || (get(at, field.a) === a && get(at, field.b) === b)) return slot;
      slot = (slot + 1) & (slots.length - 1);
    }
  };

  const grow = (): void => {
    const larger = new Float64Array(rows.length * 2);
    larger.set(rows);
    rows = larger;
    slots = new Int32Array(slots.length * 2);
    for (let at = 0; at < size; at++) slots[slotOf(get(at, field.a), get(at, field.b))] = at + 1;
  };

  const labelAt = (at: number): string | number => {
    const label = get(at, field.label);
    return get(at, field.marks) & mark.isText ? words.textOf(label) : label;
  };

  const isLater = (line: LabelLine, at: number): boolean => {
    const steps = [
      Date.parse(line.at) - get(at, field.at),
      Date.parse(line.receivedAt) - get(at, field.received),
      line.source === words.textOf(get(at, field.source)) ? 0 : 1,
    ];
    const step = steps.find((one) => one !== 0);
    if (step === undefined) return line.row > get(at, field.row);
    return steps[0] === 0 && steps[1] === 0 ? line.source > words.textOf(get(at, field.source)) : step > 0;
  };

  const write = (at: number, line: LabelLine): void => {
    const { label, truth } = line;
    const only = onlyColumnOf(line);
    const isText = typeof label === 'string';
    set(at, field.marks, (get(at, field.marks) & ~mark.isText) | (isText ? mark.isText : 0));
    set(at, field.label, isText ? words.numberOf(label) : label);
    // Below zero: the name of the only column.
    set(at, field.truth, only === undefined ? words.numberOf(JSON.stringify(truth)) : -1 - words.numberOf(only));
    set(at, field.at, Date.parse(line.at));
    set(at, field.received, Date.parse(line.receivedAt));
    set(at, field.source, words.numberOf(line.source));
    set(at, field.row, line.row);
  };

  const truthAt = (at: number): KnownLabel['truth'] => {
    const truth = get(at, field.truth);
    return truth < 0 ? { [words.textOf(-1 - truth)]: labelAt(at) } : JSON.parse(words.textOf(truth));
  };

  return {
    /** `isAwaited`: that nobody asks for this label is worth counting. */
    add: (name: string, line: LabelLine, isAwaited = true): void => {
      if (size * width === rows.length) grow();
      const [a, b] = hashOf(name);
      const slot = slotOf(a, b);
      const known = (slots[slot] as number) - 1;
      const at = known < 0 ? size : known;
      if (known < 0) {
        size += 1;
        slots[slot] = size;
        set(at, field.a, a);
        set(at, field.b, b);
        set(at, field.first, Date.parse(line.receivedAt));
      } else {
        set(at, field.first, Math.min(get(at, field.first), Date.parse(line.receivedAt)));
        if (String(labelAt(at)) !== String(line.label)) set(at, field.marks, get(at, field.marks) | mark.isCorrected);
      }
      if (isAwaited) set(at, field.marks, get(at, field.marks) | mark.isAwaited);
      if (known < 0 || isLater(line, at)) write(at, line);
    },

    /** The truth about a row, which is joined from now on; `undefined` where nobody told it. */
    join: (name: string): KnownLabel | undefined => {
      const at = (slots[slotOf(...hashOf(name))] as number) - 1;
      if (at < 0) return undefined;
      set(at, field.marks, get(at, field.marks) | mark.isJoined);
      return {
        label: labelAt(at),
        truth: truthAt(at),
        firstReceivedMs: get(at, field.first),
        isCorrected: (get(at, field.marks) & mark.isCorrected) !== 0,
      };
    },

    /** Awaited rows that nobody joined. */
    unjoined: (): number => {
      let count = 0;
      for (let at = 0; at < size; at++)
        if ((get(at, field.marks) & (mark.isAwaited | mark.isJoined)) === mark.isAwaited) count += 1;
      return count;
    },
  };
};
export type LabelTable = ReturnType<typeof labelTable>;
