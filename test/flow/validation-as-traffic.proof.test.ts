import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { run as watchModels } from '../../lambdas/watch-models/handler.ts';
import { profileDropped, profileParquet } from '../../lib/adapters/duckdb/profile-in-bins.ts';
import { readColumns } from '../../lib/adapters/duckdb/read-columns.ts';
import { Baseline } from '../../lib/domain/baseline/index.ts';
import { type SourceFormat, sourceFormatOf } from '../../lib/domain/dataset/index.ts';
import { seededRandom } from '../../lib/domain/random/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { manualClock, temporaryFolder } from '../support/index.ts';
import { laptopForTests } from './support/index.ts';

type Value = string | number | boolean | null;
type Row = Readonly<Record<string, Value>>;

const cities = ['Zürich', 'São Paulo', "L'Aquila", 'new york', 'New York', '東京', 'a "b", c', 'NaN City'];

/** Rows with a column of every kind, and of every sort that is hard to bin. `most` is the largest number among them. */
const strangeRows = (count: number, most: number): readonly Row[] => {
  const random = seededRandom(11);
  const pick = <Item>(items: readonly Item[]): Item =>
    items[Math.floor(random.next() * items.length)] as Item;
  const sometimes = (share: number, value: Value): Value => (random.next() < share ? value : null);
  return Array.from({ length: count }, (_, at): Row => {
    const amount = random.next() * 10_000;
    const stars = Math.floor(random.next() ** 2 * 6);
    const city = pick(cities);
    return {
      id: `r${at}`,
      amount,
      price: Number(amount.toFixed(1)),
      stars,
      rain: random.next() < 0.96 ? 0 : random.next() * 20,
      spread: pick([-most, -0.1, -0, 0, 1e-300, 0.1, 0.30000000000000004, most]),
      big: 9_007_199_254_740_000 + stars,
      seldom: sometimes(0.02, random.next()),
      always: 42,
      isOpen: random.next() < 0.3,
      isNew: random.next() < 0.5 ? 1 : 0,
      city,
      code: `00${stars}`,
      zone: Math.floor(random.next() * 30),
      shop: `shop-${Math.floor(random.next() * 400)}`,
      customer: `customer-${at}`,
      tag: sometimes(0.4, pick(['a', 'b', 'true', '1'])),
      note: random.next() < 0.1 ? null : `note ${at} of ${city} on a day, and more words than a name has`,
      seen: new Date(Date.UTC(2025, 0, 1) + at * 3_700_123).toISOString(),
      secret: pick(['x', 'y', 'z']),
      late: amount / 1000 + stars + random.next() * 6 > 9 ? 'yes' : 'no',
      grade: pick(['A', 'B', stars > 2 ? 'C' : 'A']),
    };
  });
};

const targets = ['late', 'grade', 'amount'] as const;
type Target = (typeof targets)[number];
const tasks = { late: 'binary', grade: 'multiclass', amount: 'regression' } as const;

const specOf = (target: Target, trainer: object) =>
  JSON.stringify({
    name: 'parcels',
    task: tasks[target],
    target,
    key: ['id'],
    columns: {
      ...Object.fromEntries(targets.filter((name) => name !== target).map((name) => [name, 'ignore'])),
      always: 'number',
      code: 'category',
      zone: 'category',
      shop: 'category',
      customer: 'category',
    },
    features: [
      { name: 'noteLength', transform: 'textLength', column: 'note' },
      { name: 'month', transform: 'month', column: 'seen' },
    ],
    trainer,
    gates: { mustBeatBaseline: false },
    monitor: { windowHours: 24, minRows: 30, sensitiveColumns: ['secret'] },
  });

/** What callers send: none of the targets, and booleans where 0 and 1 alone are read as such. */
const asked = ({ id: _, late: _late, grade: _grade, amount: _amount, ...row }: Row): Row => ({
  ...row,
  isNew: row.isNew === 1,
});

const jsonLines = (rows: readonly Row[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

/** As people write files: words for true, false and missing, spaces around names, commas between thousands. */
const untidy = (name: string, value: Value | undefined): string => {
  if (value === null || value === undefined) return name.length % 2 ? 'NA' : '';
  if (typeof value === 'boolean') return value ? 'Yes' : 'no';
  if (name === 'price') return `"${Number(value).toLocaleString('en-US', { minimumFractionDigits: 1 })}"`;
  if (name === 'city' || name === 'note') return `"  ${String(value).replaceAll('"', '""')} "`;
  return Object.is(value, -0) ? '-0' : String(value);
};
const untidyCsv = (rows: readonly Row[]) => {
  const names = Object.keys(rows[0] ?? {});
  return [names, ...rows.map((row) => names.map((name) => untidy(name, row[name])))]
    .map((cells) => `${cells.join(',')}\n`)
    .join('');
};

const written = (file: Case['file'], rows: readonly Row[]): string =>
  file === 'rows.csv' ? untidyCsv(rows) : jsonLines(rows);

interface Case {
  readonly target: Target;
  readonly trainer: object;
  readonly file: 'rows.jsonl' | 'rows.csv';
  readonly most: number;
}

/** A laptop that serves the model of strange rows, and its validation rows as they are and as callers would send them. */
const serving = async ({ target, trainer, file, most }: Case) => {
  const clock = manualClock();
  const home = await laptopForTests({ clock });
  const rows = strangeRows(2200, most);
  await home.drop('parcels/model.json', specOf(target, trainer));
  await home.drop(`parcels/${file}`, written(file, rows));
  await home.drop('parcels/_SUCCESS', '');
  const run = await home.approve('parcels');
  const folder = temporaryFolder();
  const filePath = path.join(folder.path, 'validation.parquet');
  const key = objectKeys.dataset('parcels', run.datasetVersion ?? '', 'validation.parquet');
  await home.laptop.objects.download(key, filePath);
  const ids = (await readColumns(filePath, ['id'])).get('id') ?? [];
  const { files } = await home.laptop.registry.getVersion('parcels', 1);
  const baseline = Baseline.parse(await home.readJson(files.baseline ?? ''));
  const stored = await profileParquet(filePath, baseline.columns);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const validation = ids.map((id) => byId.get(id) as Row);
  const content = written(file, validation);
  const source = {
    filePath: path.join(folder.path, file),
    key: file,
    sha256: createHash('sha256').update(content).digest('hex'),
    format: sourceFormatOf(file) as SourceFormat,
  };
  writeFileSync(source.filePath, content);
  const dropped = await profileDropped(source, baseline.columns);
  folder.remove();
  return { home, clock, baseline, stored, dropped, rows: validation.map(asked) };
};

describe('the validation rows themselves as traffic', () => {
  test.each([
    [
      'two classes, line by line',
      1,
      { target: 'late', trainer: { kind: 'linear', maxIterations: 40 }, file: 'rows.jsonl', most: 1e30 },
    ],
    [
      'three classes',
      1000,
      { target: 'grade', trainer: { kind: 'linear', maxIterations: 40 }, file: 'rows.jsonl', most: 1e30 },
    ],
    [
      'values, learned from an untidy file',
      7,
      { target: 'amount', trainer: { kind: 'boosted-trees', rounds: 40 }, file: 'rows.csv', most: 1e300 },
    ],
  ] as const)(
    'fall into the very bins they were frozen in: %s',
    { timeout: 60_000 },
    async (_, size, story) => {
      const { home, clock, baseline, stored, dropped, rows } = await serving(story);
      for (let from = 0; from < rows.length; from += size) {
        const { status, body } = await home.predict('parcels', { rows: rows.slice(from, from + size) });
        expect([status, status === 200 ? [] : body]).toEqual([200, []]);
      }
      await home.predictions.flush();
      await clock.advance(25 * 3_600_000);
      await watchModels({}, { ...home.laptop, stuckAfterHours: 24 });

      const [window] = await home.laptop.registry.listWindows('parcels');
      expect(window).toMatchObject({ outcome: 'judged', rows: rows.length });
      const kept = await home.readJson(objectKeys.window('parcels', window?.windowEnd ?? '', 'profile.json'));
      const named = (columns: readonly object[]) =>
        columns.map((column, index) => [baseline.columns[index]?.name, column]);
      const frozen = named(baseline.columns.map(({ counts }) => counts));
      const features = baseline.columns.filter(({ of }) => of === 'feature').length;
      expect(features).toBe(18);
      expect(named(kept.columns)).toEqual(frozen);
      // As G0 would count them.
      expect(named(stored.columns).slice(0, features)).toEqual(frozen.slice(0, features));
      // As a file of people is compared.
      expect(named(dropped.columns).slice(0, features)).toEqual(frozen.slice(0, features));
      for (const { name, score } of window?.columns ?? []) expect([name, score <= 0]).toEqual([name, true]);
      expect(window?.lanes.map(({ lane }) => lane)).toEqual([
        'data-quality',
        'drift',
        'estimated-quality',
        'freshness',
      ]);
      for (const { lane, score } of window?.lanes ?? []) expect([lane, score < 0.5]).toEqual([lane, true]);
      expect(baseline.promises.map(({ lane, widenedBy }) => [lane, widenedBy])).toEqual(
        ['data-quality', 'drift', 'estimated-quality', 'realised-quality'].map((lane) => [lane, 1]),
      );
    },
  );
});
