import { hash } from 'node:crypto';
import type { JsonObject } from '../../wire/json.ts';
import type { LabelLine } from './label-line.ts';
import { heldTexts, labelRows } from './label-rows.ts';

/** What is known of the truth about one row. */
export interface KnownLabel {
  readonly label: string | number;
  readonly truth: JsonObject;
  /** Whether labels of the row disagreed. */
  readonly isCorrected: boolean;
  /** When the first label of the row came here, milliseconds since the epoch. */
  readonly firstReceivedMs: number;
  /** What decides which of two labels is the later, in this order. */
  readonly atMs: number;
  readonly receivedMs: number;
  readonly source: string;
  readonly row: number;
}

type Moment = Pick<KnownLabel, 'atMs' | 'receivedMs' | 'source' | 'row'>;

const compareTexts = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** Above zero: `a` is the later label. */
const compareMoments = (a: Moment, b: Moment): number =>
  a.atMs - b.atMs || a.receivedMs - b.receivedMs || compareTexts(a.source, b.source) || a.row - b.row;

/** Of what is known by a prediction's id and by its row's key: the later label, and that the two disagree, if they do. */
export const laterLabel = (
  one: KnownLabel | undefined,
  other: KnownLabel | undefined,
): KnownLabel | undefined => {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    ...(compareMoments(one, other) > 0 ? one : other),
    isCorrected: one.isCorrected || other.isCorrected || String(one.label) !== String(other.label),
    firstReceivedMs: Math.min(one.firstReceivedMs, other.firstReceivedMs),
  };
};

/** Bits of a row's marks. */
const mark = { isText: 1, isCorrected: 2, isAwaited: 4, isJoined: 8 } as const;

/** 64 bits of a name: a million labels and ten million predictions are mixed up once in two million times. */
const hashOf = (name: string): readonly [number, number] => {
  const digest = hash('sha256', name, 'hex');
  return [Number.parseInt(digest.slice(0, 8), 16) | 0, Number.parseInt(digest.slice(8, 16), 16) | 0];
};

/** Truth told in one column that says what the label says, digit by digit, as most is: only the column's name is held. */
const onlyColumnOf = ({ truth, label }: LabelLine): string | undefined => {
  const [first, ...more] = Object.entries(truth);
  if (first === undefined || more.length > 0) return undefined;
  const [name, told] = first;
  return told === label || (typeof label === 'number' && told === String(label)) ? name : undefined;
};

/**
 * Labels by the row they name, one a row: of several the one with the latest `at` counts, then the one that came last, then
 * that of the later source and row, whatever order they are added in. The same label again changes nothing. A label takes
 * some 70 bytes, and as much again as its truth where that is told in several columns that hardly repeat.
 */
export const labelTable = () => {
  const rows = labelRows();
  const texts = heldTexts();
  let slots = new Int32Array(512);

  /** The slot a name is in, or the free one it would be in: open addressing, less than half of the slots are taken. */
  const slotOf = (a: number, b: number): number => {
    const last = slots.length - 1;
    for (let slot = a & last; ; slot = (slot + 1) & last) {
      const at = (slots[slot] as number) - 1;
      if (at < 0 || (rows.whole(at, 'hashA') === a && rows.whole(at, 'hashB') === b)) return slot;
    }
  };
  const makeRoom = (): void => {
    if (rows.size() * 2 < slots.length) return;
    slots = new Int32Array(slots.length * 2);
    for (let at = 0; at < rows.size(); at++)
      slots[slotOf(rows.whole(at, 'hashA'), rows.whole(at, 'hashB'))] = at + 1;
  };
  /** The place of a name's row; a new one holds nothing but the name. */
  const placeOf = (name: string): { readonly at: number; readonly isNew: boolean } => {
    makeRoom();
    const [a, b] = hashOf(name);
    const slot = slotOf(a, b);
    const known = slots[slot] as number;
    if (known > 0) return { at: known - 1, isNew: false };
    const at = rows.append();
    slots[slot] = at + 1;
    rows.setWhole(at, 'hashA', a);
    rows.setWhole(at, 'hashB', b);
    return { at, isNew: true };
  };

  const has = (at: number, bit: number): boolean => (rows.whole(at, 'marks') & bit) !== 0;
  const setMark = (at: number, bit: number, isSet = true): void =>
    rows.setWhole(at, 'marks', isSet ? rows.whole(at, 'marks') | bit : rows.whole(at, 'marks') & ~bit);

  const labelAt = (at: number): string | number => {
    const label = rows.double(at, 'label');
    return has(at, mark.isText) ? texts.textOf(label) : label;
  };
  const truthAt = (at: number): JsonObject => {
    const truth = rows.whole(at, 'truth');
    // Below zero: the name of the only column.
    return truth < 0 ? { [texts.textOf(-1 - truth)]: labelAt(at) } : JSON.parse(texts.textOf(truth));
  };
  const momentAt = (at: number): Moment => ({
    atMs: rows.double(at, 'at'),
    receivedMs: rows.double(at, 'received'),
    source: texts.textOf(rows.whole(at, 'source')),
    row: rows.whole(at, 'row'),
  });
  const write = (at: number, line: LabelLine, { atMs, receivedMs, source, row }: Moment): void => {
    const { label, truth } = line;
    const only = onlyColumnOf(line);
    setMark(at, mark.isText, typeof label === 'string');
    rows.setDouble(at, 'label', typeof label === 'string' ? texts.numberOf(label) : label);
    rows.setWhole(
      at,
      'truth',
      only === undefined ? texts.numberOf(JSON.stringify(truth)) : -1 - texts.numberOf(only),
    );
    rows.setDouble(at, 'at', atMs);
    rows.setDouble(at, 'received', receivedMs);
    rows.setWhole(at, 'source', texts.numberOf(source));
    rows.setWhole(at, 'row', row);
  };

  return {
    /** `isAwaited`: it is worth counting when no row asks for this label. */
    add: (name: string, line: LabelLine, isAwaited = true): void => {
      const { at, isNew } = placeOf(name);
      const { source, row } = line;
      const moment = { atMs: Date.parse(line.at), receivedMs: Date.parse(line.receivedAt), source, row };
      const first = isNew ? moment.receivedMs : Math.min(rows.double(at, 'first'), moment.receivedMs);
      rows.setDouble(at, 'first', first);
      if (isAwaited) setMark(at, mark.isAwaited);
      if (!isNew && String(labelAt(at)) !== String(line.label)) setMark(at, mark.isCorrected);
      if (isNew || compareMoments(moment, momentAt(at)) > 0) write(at, line, moment);
    },

    /** The truth about a row, which has been asked for from now on; `undefined` where nobody told it. */
    join: (name: string): KnownLabel | undefined => {
      const at = (slots[slotOf(...hashOf(name))] as number) - 1;
      if (at < 0) return undefined;
      setMark(at, mark.isJoined);
      return {
        label: labelAt(at),
        truth: truthAt(at),
        isCorrected: has(at, mark.isCorrected),
        firstReceivedMs: rows.double(at, 'first'),
        ...momentAt(at),
      };
    },

    /** Awaited labels that no row asked for. */
    unjoined: (): number => {
      let count = 0;
      for (let at = 0; at < rows.size(); at++)
        if (has(at, mark.isAwaited) && !has(at, mark.isJoined)) count += 1;
      return count;
    },
  };
};
export type LabelTable = ReturnType<typeof labelTable>;
