import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BaselineColumn, Bins } from '../lib/domain/drift/index.ts';
import { seededRandom } from '../lib/domain/random/index.ts';

export const benchModel = 'flights';
export const benchHour = Date.UTC(2026, 0, 5, 9);
export const width = 20;
export const recordsPerFile = 50_000;

const categories = Array.from({ length: 30 }, (_, index) => `airport-${index}`);
/** Every fourth column holds categories, the others numbers. */
const isCategory = (column: number): boolean => column % 4 === 3;
const nameOf = (column: number): string => `column_${column}`;

const binsOf = (column: number): Bins =>
  isCategory(column)
    ? { kind: 'category', values: categories, isClosed: true, singletons: 0 }
    : { kind: 'number', edges: [100, 200, 300, 400, 500, 600, 700, 800, 900], min: 0, max: 1000 };

const featureColumns = Array.from({ length: width }, (_, column): BaselineColumn => {
  const bins = binsOf(column);
  const size = bins.kind === 'number' ? bins.edges.length + 2 : bins.values.length + 2;
  const counts = new Array<number>(size).fill(1000);
  return { name: nameOf(column), of: 'feature', bins, counts: { counts, outside: 0, wrong: 0 } };
});

/** What both sides count in: twenty features of a binary model that can estimate its own quality. */
export const benchBaseline = {
  columns: featureColumns,
  quality: {
    kind: 'classes' as const,
    classes: ['no', 'yes'],
    positiveClass: 'yes',
    maps: [{ schemaVersion: 1 as const, rows: 1000, scores: [0, 0.5, 1], probabilities: [0, 0.4, 1] }],
    estimated: { mean: 0.9, sd: 0.01, windows: 30 },
    windowRows: 500,
    realised: { rows: 1000, errors: 100 },
  },
};

/** Captured files of one hour, as a sink writes them: `<folder>/<n>.gz`. */
export const writeCaptured = (folder: string, files: number): void => {
  mkdirSync(folder, { recursive: true });
  const random = seededRandom(4);
  const cell = (column: number) =>
    isCategory(column)
      ? categories[Math.floor(random.next() * categories.length)]
      : Math.round(random.next() * 1e6) / 1000;
  for (let file = 0; file < files; file += 1) {
    const lines = Array.from({ length: recordsPerFile }, (_, row) => {
      const probability = Math.round(random.next() * 1e6) / 1e6;
      return JSON.stringify({
        predictionId: `01kdq${String(file * recordsPerFile + row).padStart(21, '0')}`,
        model: benchModel,
        version: 1,
        role: 'champion',
        at: new Date(benchHour + row * 70).toISOString(),
        features: Object.fromEntries(featureColumns.map(({ name }, column) => [name, cell(column)])),
        output: { label: probability >= 0.5 ? 'yes' : 'no', probability },
        latencyMs: 1.234,
      });
    });
    writeFileSync(path.join(folder, `${file}.gz`), gzipSync(`${lines.join('\n')}\n`));
  }
};

/** Columns as the bins know them, in SQL: numbers below 1000 with one digit behind the point, and categories. */
export const benchColumnsSql = featureColumns
  .map(({ name }, column) => {
    const drawn = `hash(i * ${width} + ${column})`;
    return isCategory(column)
      ? `'airport-' || (${drawn} % ${categories.length}) AS ${name}`
      : `(${drawn} % 10000) / 10 AS ${name}`;
  })
  .join(', ');
