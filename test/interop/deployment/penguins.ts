import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { root } from './deploy-stage.ts';

const Cell = z.union([z.string(), z.number(), z.null()]);
const Penguins = z.array(z.record(z.string(), Cell));
export type Penguin = z.infer<typeof Penguins>[number];

/** 344 penguins of three species, with gaps. */
export const penguins: readonly Penguin[] = Penguins.parse(
  JSON.parse(readFileSync(path.join(root, 'node_modules/vega-datasets/data/penguins.json'), 'utf8')),
);

const target = 'Species';

/** So many rows in each window, of which a dozen would do: every one is an object MiniStack writes and reads. */
export const rowsAWindow = 60;

export const spec = {
  name: 'penguins',
  task: 'multiclass',
  target,
  trainer: { kind: 'linear' },
  gates: { maxChampionLoss: 1 },
  ingestion: { quietSeconds: 3 },
  monitor: { windowHours: 1, minRows: 12 },
  // Not for new data by itself: rows that come wait until a lane rings.
  retrain: { when: ['drift', 'quality'], coolDownHours: 0, minNewRows: 20 },
};

export const csvOf = (rows: readonly Penguin[]): string => {
  const columns = Object.keys(penguins[0] ?? {});
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
};

/** What a caller knows of a penguin: everything but its species. */
export const questionOf = (penguin: Penguin): Penguin =>
  Object.fromEntries(Object.entries(penguin).filter(([column]) => column !== target));

/** Three of four to begin with; the fourth arrives later. */
export const firstRows = penguins.filter((_, at) => at % 4 !== 3);
export const laterRows = penguins.filter((_, at) => at % 4 === 3);

/** The world moves: one species alone, nothing that was not there before. */
export const onlyGentoo = (count: number): readonly Penguin[] => {
  const gentoo = penguins.filter((penguin) => penguin[target] === 'Gentoo');
  return Array.from({ length: count }, (_, at) => questionOf(gentoo[at % gentoo.length] ?? {}));
};
