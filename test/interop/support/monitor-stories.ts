import {
  type ConceptStream,
  normalStream,
  seaStream,
  staggerStream,
  takeRows,
} from '../../support/streams/index.ts';
import { draws } from './random-data.ts';

/** Rows that two monitors look at: a reference, then windows of equal length. float32, so that both see the same numbers. */
export interface Story {
  readonly name: string;
  /** Whether the inputs change, from the first window on. */
  readonly isStill: boolean;
  readonly windowRows: number;
  readonly windows: number;
  readonly referenceRows: number;
  readonly runs: readonly Run[];
}

export interface Run {
  readonly columns: ConceptStream['columns'];
  /** Row-major, the reference first; positions in `values` for a category. */
  readonly cells: Float32Array;
}

type Stream = (seed: number, firstWindowRow: number, windowRows: number) => ConceptStream;

interface Told {
  readonly name: string;
  readonly isStill: boolean;
  readonly windowRows: number;
  readonly windows?: number;
  readonly runs?: number;
  readonly stream: Stream;
}

const dimensions = 20;

/** Twenty independent normal columns; the first one changes with the first window. */
const normal =
  (change: (value: number) => number): Stream =>
  (seed, changeAtRow) =>
    normalStream({ seed, dimensions, changeAtRow, change });

/** Reaches half a standard deviation with the twentieth window. */
const gradual: Stream = (seed, firstWindowRow, windowRows) => {
  let row = 0;
  const stream = normalStream({ seed, dimensions, changeAtRow: 0, change: (value) => value });
  return {
    ...stream,
    next: (cells) => {
      const label = stream.next(cells);
      const window = Math.max(0, Math.floor((row - firstWindowRow) / windowRows) + 1);
      cells[0] = (cells[0] as number) + 0.025 * window;
      row += 1;
      return label;
    },
  };
};

/** Four normal columns, and a category of so many values that are equally frequent. */
const manyValued =
  (values: number): Stream =>
  (seed) => {
    const random = draws(seed);
    return {
      columns: [
        ...Array.from({ length: 4 }, (_, index) => ({ name: `x${index + 1}` })),
        { name: 'city', values: Array.from({ length: values }, (_, index) => `city ${index}`) },
      ],
      classes: ['no', 'yes'],
      next: (cells) => {
        for (let index = 0; index < 4; index += 1) cells[index] = random.normal();
        cells[4] = random.integer(values);
        return 0;
      },
    };
  };

const still = (value: number) => value;

const told: readonly Told[] = [
  { name: '20 normal columns, nothing changes', isStill: true, windowRows: 200, stream: normal(still) },
  { name: '20 normal columns, nothing changes', isStill: true, windowRows: 500, stream: normal(still) },
  {
    ...{ name: '20 normal columns, nothing changes', isStill: true, stream: normal(still) },
    ...{ windowRows: 10_000, windows: 10, runs: 1 },
  },
  {
    ...{ name: '4 normal columns and a category of 50 values, nothing changes', isStill: true },
    ...{ windowRows: 500, stream: manyValued(50) },
  },
  {
    ...{ name: '4 normal columns and a category of 100 values, nothing changes', isStill: true },
    ...{ windowRows: 500, stream: manyValued(100) },
  },
  {
    ...{ name: 'SEA: the concept changes, the inputs do not', isStill: true, windowRows: 500 },
    stream: (seed, atRow) => seaStream({ seed, concept: 1, switch: { atRow, to: 2 } }),
  },
  {
    ...{ name: 'STAGGER: the concept changes, the inputs do not', isStill: true, windowRows: 500 },
    stream: (seed, atRow) => staggerStream({ seed, concept: 0, switch: { atRow, to: 1 } }),
  },
  {
    ...{ name: 'one of 20 columns by +0.5 sd', isStill: false, windowRows: 1000 },
    stream: normal((value) => value + 0.5),
  },
  {
    ...{ name: 'one of 20 columns by sd × 1.5', isStill: false, windowRows: 1000 },
    stream: normal((value) => value * 1.5),
  },
  {
    ...{ name: 'one of 20 columns by +0.1 sd', isStill: false, windowRows: 1000 },
    stream: normal((value) => value + 0.1),
  },
  {
    ...{ name: 'one of 20 columns, little by little to +0.5 sd', isStill: false, windowRows: 1000 },
    stream: gradual,
  },
];

/** Ten windows at least: what a peer takes its thresholds from is cut as the windows are. */
const storyOf = ({ stream, windows = 20, runs = 3, ...story }: Told, index: number): Story => {
  const referenceRows = Math.max(10_000, 10 * story.windowRows);
  const rows = referenceRows + windows * story.windowRows;
  const runOf = (run: number): Run => {
    const source = stream(9000 + 10 * index + run, referenceRows, story.windowRows);
    const taken = takeRows(source, rows);
    const width = source.columns.length;
    const cells = new Float32Array(rows * width);
    taken.columns.forEach((column, at) => {
      for (let row = 0; row < rows; row += 1) cells[row * width + at] = column[row] as number;
    });
    return { columns: source.columns, cells };
  };
  return { ...story, windows, referenceRows, runs: Array.from({ length: runs }, (_, run) => runOf(run)) };
};

/** Made anew at each call: together some 50 MB. */
export const monitorStories = (): readonly Story[] => told.map(storyOf);
