import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Enough rows for every part of the split, few enough to train in no time. */
const rowCount = 120;

const rowsOf = (count: number): string => {
  const rows = Array.from({ length: count }, (_, index) => {
    const hours = (index * 379) % 1009;
    const isOdd = (index * 7) % 10 === 3;
    return `${hours},${['north', 'south'][index % 2]},${hours > 500 !== isOdd ? 'yes' : 'no'}`;
  });
  return ['hours,site,broken', ...rows, ''].join('\n');
};

export interface DroppedHome {
  readonly approval?: 'manual' | 'automatic';
  readonly trainer?: object;
  readonly rows?: number;
}

/** Puts model.json, a table and its mark into the drop zone of a home that nobody has started yet. */
export const dropInto = (home: string, options: DroppedHome = {}): void => {
  const { approval = 'manual', trainer = { kind: 'linear' }, rows = rowCount } = options;
  const folder = path.join(home, 'objects/incoming/lamps');
  mkdirSync(folder, { recursive: true });
  const spec = { name: 'lamps', task: 'binary', target: 'broken', trainer, approval: { policy: approval } };
  writeFileSync(path.join(folder, 'model.json'), JSON.stringify(spec));
  writeFileSync(path.join(folder, 'monday.csv'), rowsOf(rows));
  writeFileSync(path.join(folder, '_SUCCESS'), '');
};
