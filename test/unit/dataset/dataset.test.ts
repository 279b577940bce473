import { describe, expect, it } from 'vitest';
import {
  type ColumnStatistics,
  type DatasetManifest,
  dataSpecHashOf,
  datasetVersionOf,
  forceKind,
  inferKind,
  qualityReportOf,
  sourceFormatOf,
} from '../../../lib/domain/dataset/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';

const spec = (more: object = {}) =>
  ModelSpec.parse({ name: 'houses', task: 'binary', target: 'sold', ...more });
const manifest: DatasetManifest = {
  schemaVersion: 1,
  model: 'houses',
  specHash: dataSpecHashOf(spec()),
  sources: [
    { key: 'sources/houses/a.csv', sha256: 'a'.repeat(64), sizeBytes: 10, format: 'csv' },
    { key: 'sources/houses/b.csv', sha256: 'b'.repeat(64), sizeBytes: 10, format: 'csv' },
  ],
};

describe('a dataset version', () => {
  it('is the same for the same content, whatever the order of names', () => {
    const { sources, specHash, model, schemaVersion } = manifest;

    const again = datasetVersionOf({
      sources: sources.map((source) => ({ ...source })),
      specHash,
      model,
      schemaVersion,
    });

    expect(again).toBe(datasetVersionOf(manifest));
    expect(again).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another when a file, their order or the model differs', () => {
    const versions = [
      manifest,
      { ...manifest, sources: manifest.sources.toReversed() },
      { ...manifest, sources: manifest.sources.slice(1) },
      { ...manifest, model: 'flats' },
    ].map(datasetVersionOf);

    expect(new Set(versions).size).toBe(4);
  });

  it.each([
    [{ trainer: { kind: 'linear' } }, true],
    [{ approval: { policy: 'automatic' } }, true],
    [{ gates: { minAuc: 0.7 } }, true],
    [{ description: 'better words' }, true],
    [{ target: 'price' }, false],
    [{ key: ['id'] }, false],
    [{ eventTime: 'day' }, false],
    [{ columns: { area: 'ignore' } }, false],
    [{ split: { test: 0.2 } }, false],
    [{ quality: { maxBadShare: 0.1 } }, false],
    [{ dataWindow: { batches: 3 } }, false],
    [{ gates: { slices: ['city'] } }, false],
    [{ positiveClass: 'yes' }, false],
    [{ features: [{ name: 'x', transform: 'hour', column: 'day' }] }, false],
  ])('depends on the part of the spec that shapes data: %j keeps it: %s', (more, isSame) => {
    expect(dataSpecHashOf(spec(more)) === dataSpecHashOf(spec())).toBe(isSame);
  });
});

describe('a format', () => {
  it.each([
    ['a.csv', 'csv'],
    ['a.CSV.GZ', 'csv'],
    ['a.tsv', 'csv'],
    ['a.b.jsonl.gz', 'jsonl'],
    ['a.ndjson', 'jsonl'],
    ['a.json', 'json'],
    ['a.parquet', 'parquet'],
    ['a.xlsx', undefined],
    ['csv', undefined],
    ['model.onnx', undefined],
  ])('of %s is %s', (name, format) => {
    expect(sourceFormatOf(name)).toBe(format);
  });
});

describe('a kind', () => {
  const column = (more: Partial<ColumnStatistics>): ColumnStatistics => ({
    name: 'x',
    storage: 'text',
    rows: 100,
    present: 100,
    nonFinite: 0,
    distinct: 40,
    isDistinctExact: true,
    meanLength: 5,
    meanWords: 1,
    ...more,
  });
  const readings = { number: 0, groupedNumber: 0, boolean: 0, datetime: {} };

  it('tolerates misfits up to the share allowed', () => {
    const almost = column({ readings: { ...readings, number: 96 } });

    expect(inferKind(almost, 0.05)).toMatchObject({
      kind: 'number',
      because: '96 of 100 values are numbers',
    });
    expect(inferKind(almost, 0.01).kind).toBe('category');
  });

  it('takes commas for thousands only when every value fits', () => {
    const all = column({ readings: { ...readings, number: 30, groupedNumber: 100 } });
    const almost = column({ readings: { ...readings, number: 30, groupedNumber: 99 } });

    expect(inferKind(all, 0.05).reading).toEqual({ as: 'number', isGrouped: true });
    expect(inferKind(almost, 0.05).kind).toBe('category');
  });

  it('of dates that fit two formats is month before day', () => {
    const dates = column({ readings: { ...readings, datetime: { '%m/%d/%Y': 100, '%d/%m/%Y': 100 } } });

    expect(inferKind(dates, 0).reading).toEqual({ as: 'datetime', format: '%m/%d/%Y' });
  });

  it('is useless for row numbers and for keys by name, not for any column of different numbers', () => {
    const numbers = { storage: 'number' as const, distinct: 100, isInteger: true, min: 1 };

    expect(inferKind(column({ ...numbers, max: 100 }), 0).uselessBecause).toContain('run without a gap');
    expect(inferKind(column({ ...numbers, max: 5000, name: 'customer_id' }), 0).uselessBecause).toContain(
      'name says key',
    );
    expect(inferKind(column({ ...numbers, max: 5000, name: 'paid' }), 0).uselessBecause).toBeUndefined();
  });

  it('may be forced, and is then never useless', () => {
    const forced = forceKind(column({ distinct: 1, readings: { ...readings, number: 100 } }), 'number');

    expect(forced).toEqual({
      kind: 'number',
      reading: { as: 'number', isGrouped: false },
      because: 'forced in model.json',
    });
  });
});

describe('a quality report', () => {
  const rows = { in: 100, kept: 90, quarantined: 10, bad: 10 };
  const check = { dimension: 'accuracy' as const, name: 'range', because: 'too far', refuses: true };

  it('refuses for a failed check that refuses, and for an unknown one', () => {
    for (const status of ['failed', 'unknown'] as const)
      expect(qualityReportOf(rows, [{ ...check, status }], [], 'now')).toMatchObject({
        verdict: 'refused',
        because: ['too far'],
        badShare: 0.1,
      });
  });

  it('accepts when only rows were lost', () => {
    const report = qualityReportOf(
      rows,
      [{ ...check, status: 'failed', refuses: false }],
      [
        { reason: 'a', rows: 1 },
        { reason: 'b', rows: 9 },
      ],
      'now',
    );

    expect(report).toMatchObject({
      verdict: 'accepted',
      because: ['90 of 100 rows kept, no check refuses them'],
    });
    expect(report.reasons.map(({ reason }) => reason)).toEqual(['b', 'a']);
  });
});
