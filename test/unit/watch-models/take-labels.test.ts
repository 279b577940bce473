import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { run as receiveObject } from '../../../lambdas/receive-object/handler.ts';
import { takeLabels } from '../../../lambdas/watch-models/take-labels.ts';
import { isCaptured } from '../../../lib/domain/labels/index.ts';
import { intakeWorld } from './intake-world.ts';

const noLabel = 'no label, expected it in a column label or one named as the target';

const jsonl = (...rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

describe('files of labels', () => {
  it('as gzipped CSV are counted, and each bad row is kept with its reason and told of once', async () => {
    const world = await intakeWorld();
    await world.promote();
    const [a = '', b = '', c = ''] = [world.predictionId(), world.predictionId(), world.predictionId()];
    const rows = [
      'predictionId,tag,label,at',
      `${a},,Adelie,`,
      `${b.toUpperCase()},,Gentoo,2026-01-05 10:00`,
      ',,Adelie,',
      `${c},T2,Adelie,`,
      `${c},,,`,
      `${c},,Emperor,`,
      'not-an-id,,Adelie,',
      `${c},,Adelie,the day after`,
      `${c},,Adelie,2999-01-01`,
      `7zzzzzzzzz${c.slice(10)},,Adelie,`,
      `${c},,"torn`,
    ];
    await world.drop('week/monday.csv.gz', gzipSync(`${rows.join('\n')}\n`));

    const first = await world.take();
    const second = await world.take();

    expect(first).toEqual({ files: 1, rows: 11, taken: 2, refused: 9 });
    expect(second.files).toBe(0);
    expect(await world.taken()).toMatchObject([
      {
        predictionId: a,
        label: 'Adelie',
        at: '2026-01-05T09:00:00.000Z',
        row: 1,
        truth: { species: 'Adelie' },
      },
      { predictionId: b, label: 'Gentoo', at: '2026-01-05T10:00:00.000Z', row: 2 },
    ]);
    expect(await world.refused()).toEqual([
      [3, 'no predictionId or tag, expected a column of that name which says whose truth it is'],
      [4, 'a predictionId and tag, expected one of the two'],
      [5, noLabel],
      [6, expect.stringMatching(/^the label is none of the classes .*Adelie/)],
      [7, 'predictionId is no id of a prediction'],
      [8, 'at is no moment, expected ISO 8601'],
      [9, 'at is in the future'],
      [10, 'predictionId is of a prediction in the future'],
      [11, expect.stringContaining('it cannot be read: ')],
    ]);
    expect(await world.registry.listTakenLabelFiles('penguins')).toMatchObject([
      {
        key: 'labels/penguins/week/monday.csv.gz',
        rows: 11,
        taken: 2,
        refused: 9,
        oldestAt: '2026-01-05T09:00:00.000Z',
      },
    ]);
    expect(world.messages()).toMatchObject([{ subject: '9 of 11 label(s) were refused' }]);
    expect(world.messages()[0]?.text).toContain('quarantine/penguins/labels/');
  });

  it('that nobody can read stop no others, and are told of by name', async () => {
    const world = await intakeWorld();
    await world.promote();
    await world.drop('notes.txt', 'penguins');
    await world.drop('torn.parquet', 'PAR1 and no more');
    await world.drop('empty.csv', '');
    await world.drop('good.jsonl', jsonl({ predictionId: world.predictionId(), species: 'Adelie' }));
    const { head } = await world.services.objects.putIfAbsent('labels/penguins/gone.csv', 'x');
    await receiveObject({ ...head, etag: 'another content' }, world.services);

    await world.take();

    expect(await world.taken()).toHaveLength(1);
    const files = await world.registry.listTakenLabelFiles('penguins');
    expect(
      Object.fromEntries(files.map(({ key, because, taken }) => [key.slice(16), because ?? taken])),
    ).toEqual({
      'notes.txt': expect.stringContaining('says nothing of its format'),
      'torn.parquet': expect.stringContaining('torn.parquet'),
      'empty.csv': expect.stringContaining('empty.csv'),
      'gone.csv': expect.stringContaining('gone.csv'),
      'good.jsonl': 1,
    });
    expect(world.messages()).toMatchObject([
      { subject: '0 of 1 label(s) were refused, and 4 file(s) could not be read' },
    ]);
  });

  it('wait while nothing serves, and are taken when something does', async () => {
    const world = await intakeWorld();
    await world.drop('early.jsonl', jsonl({ predictionId: world.predictionId(), label: 'Adelie' }));
    expect(await world.take()).toMatchObject({ files: 0 });
    expect(await world.registry.pendingLabelFiles('penguins')).toHaveLength(1);

    await world.promote();

    expect(await world.take()).toMatchObject({ files: 1, taken: 1 });
    expect(await world.registry.pendingLabelFiles('penguins')).toEqual([]);
  });

  it('told of twice are one, and those of no model, in folders or left by editors are none', async () => {
    const world = await intakeWorld();

    expect(await world.drop('a.jsonl', jsonl({ tag: 'T1', label: 'Adelie' }))).toEqual({
      outcome: 'noted',
      isNew: true,
    });
    expect(await world.drop('a.jsonl', '')).toEqual({ outcome: 'noted', isNew: false });
    const told = (key: string) => receiveObject({ key, etag: 'x', sizeBytes: 1 }, world.services);

    expect(await told('labels/penguins/.a.jsonl.swp')).toEqual({ outcome: 'ignored' });
    expect(await told('labels/penguins/week/')).toEqual({ outcome: 'ignored' });
    expect(await told('labels/Not A Model/a.csv')).toMatchObject({ outcome: 'refused' });
    expect(await world.registry.pendingLabelFiles('penguins')).toHaveLength(1);
  });

  it('small and many are one object an hour, each row with its file, and a bad one among them its own matter', async () => {
    const world = await intakeWorld();
    await world.promote();
    const label = () => ({ predictionId: world.predictionId(), label: 'Adelie' });
    for (let file = 0; file < 60; file += 1)
      await world.drop(`posted/${file}.jsonl`, jsonl(label(), label()));
    await world.drop('posted/torn.jsonl', `${jsonl(label())}{"half":\n\n${jsonl(label())}`);
    await world.drop('posted/array.jsonl', JSON.stringify([label()]));
    await world.drop('posted/packed.jsonl.gz', gzipSync(jsonl(label())));
    await world.drop('posted/empty.jsonl', '\n');

    expect(await world.take()).toMatchObject({ files: 64, rows: 125, taken: 124, refused: 1 });

    expect(await world.keysUnder('labelled/')).toHaveLength(1);
    const taken = await world.taken();
    const of = (name: string) =>
      taken.filter(({ source }) => source.endsWith(`/${name}`)).map(({ row }) => row);
    expect(of('7.jsonl')).toEqual([1, 2]);
    expect(of('torn.jsonl')).toEqual([1, 3]);
    expect(of('array.jsonl')).toEqual([1]);
    expect(of('packed.jsonl.gz')).toEqual([1]);
    expect(await world.refused()).toEqual([[2, expect.stringContaining('it cannot be read')]]);
    const files = await world.registry.listTakenLabelFiles('penguins');
    expect(files.filter(({ because }) => because !== undefined)).toMatchObject([
      { key: 'labels/penguins/posted/empty.jsonl' },
    ]);
  });

  it('whose names of columns differ in case only are read one by one', async () => {
    const world = await intakeWorld();
    await world.promote();
    await world.drop('one.jsonl', jsonl({ tag: 'T1', label: 'Adelie' }));
    await world.drop('two.jsonl', jsonl({ tag: 'T2', label: 'Gentoo', LABEL: 'Gentoo' }));
    await world.drop('three.jsonl', jsonl({ tag: 'T3', label: 'Gentoo', Tag: 3 }));

    await world.take();

    const files = await world.registry.listTakenLabelFiles('penguins');
    expect(
      Object.fromEntries(files.map(({ key, because, taken }) => [key.slice(16), because ?? taken])),
    ).toEqual({
      'one.jsonl': 1,
      'two.jsonl': expect.stringContaining('LABEL'),
      'three.jsonl': expect.stringContaining('Tag'),
    });
  });
});

describe('an intake that dies', () => {
  it.each(['objects', 'notifier', 'closeLabelIntake'] as const)(
    'at %s writes the same objects when it is done again, new files apart',
    async (where) => {
      const world = await intakeWorld();
      await world.promote();
      const { services } = world;
      await world.drop(
        'one.jsonl',
        jsonl({ predictionId: world.predictionId(), label: 'Adelie' }, { label: 'Adelie' }),
      );
      const died = () => Promise.reject(new Error('died'));
      const dying = {
        objects: { ...services, objects: { ...services.objects, putIfAbsent: died } },
        notifier: { ...services, notifier: { notify: died } },
        closeLabelIntake: { ...services, registry: { ...services.registry, closeLabelIntake: died } },
      }[where];
      await expect(takeLabels('penguins', dying)).rejects.toThrow('died');
      const before = await world.keysUnder('labelled/');
      await world.drop('two.jsonl', jsonl({ predictionId: world.predictionId(), label: 'Gentoo' }));
      await world.clock.advance(5000);

      await Promise.all([world.take(), world.take()]);
      await world.take();

      const after = await world.keysUnder('labelled/');
      expect(after).toEqual(expect.arrayContaining([...before]));
      expect((await world.taken()).map(({ label }) => label).toSorted()).toEqual(['Adelie', 'Gentoo']);
      expect(await world.keysUnder('quarantine/')).toHaveLength(1);
      expect(world.messages()).toHaveLength(1);
      expect(await world.registry.pendingLabelFiles('penguins')).toEqual([]);
    },
  );

  it('after marking its files leaves nothing to be done again', async () => {
    const world = await intakeWorld();
    await world.promote();
    await world.drop('one.jsonl', jsonl({ predictionId: world.predictionId(), label: 'Adelie' }));
    const [file] = await world.registry.openLabelIntake('penguins');
    await world.registry.markLabelFileTaken('penguins', {
      key: file?.key ?? '',
      etag: file?.etag ?? '',
      rows: 1,
    });
    await world.drop('two.jsonl', jsonl({ predictionId: world.predictionId(), label: 'Gentoo' }));

    expect(await world.take()).toMatchObject({ files: 1 });

    expect(await world.taken()).toMatchObject([{ label: 'Gentoo' }]);
  });
});

describe('a label', () => {
  it('by row key is filed by the day it came, and refused where the key is not captured as it is', async () => {
    const open = await intakeWorld();
    const hidden = await intakeWorld({ spec: { monitor: { sensitiveColumns: ['tag'] } } });
    for (const world of [open, hidden]) {
      await world.promote();
      await world.drop('keys.csv', 'tag,label\nT1,Adelie\n');
      await world.take();
    }

    expect(await open.keysUnder('labelled/')).toEqual([
      expect.stringMatching(/^labelled\/model=penguins\/keyed\/dt=2026-01-05\/[0-9a-f]{64}\.ndjson\.gz$/),
    ]);
    expect(await open.taken()).toMatchObject([{ key: { tag: 'T1' }, label: 'Adelie' }]);
    expect(await hidden.taken()).toEqual([]);
    expect(await hidden.refused()).toEqual([
      [1, 'the key column tag is not captured as it is, expected a predictionId'],
    ]);
  });

  it('of a regression is a finite number', async () => {
    const world = await intakeWorld({ spec: { task: 'regression', target: 'mass' }, classes: undefined });
    await world.promote();
    const labels = [
      '3750.5',
      4,
      '1e3',
      'heavy',
      'Infinity',
      '',
      '0x10',
      '1e400',
      'NaN',
      '∞',
      '1,234.5',
      '1,2',
    ];
    await world.drop(
      'm.jsonl',
      jsonl(...labels.map((mass) => ({ predictionId: world.predictionId(), mass }))),
    );

    await world.take();

    expect((await world.taken()).map(({ label }) => label)).toEqual([3750.5, 4, 1000, 1234.5]);
    expect(await world.refused()).toEqual([
      ...[4, 5].map((row) => [row, 'the label is no number']),
      [6, noLabel],
      ...[7, 8].map((row) => [row, 'the label is no number']),
      [9, noLabel],
      ...[10, 12].map((row) => [row, 'the label is no number']),
    ]);
  });

  it('of a target made by SQL is worked out from the raw columns, which are kept, or told as it is', async () => {
    const target = { sql: "days > 15 AND site <> 'south'", name: 'late' };
    const world = await intakeWorld({
      spec: { task: 'binary', target, monitor: { omittedColumns: ['site'] } },
      classes: ['false', 'true'],
      kinds: { days: 'number', site: 'category' },
    });
    await world.promote();
    const id = () => ({ predictionId: world.predictionId() });
    const rows = [
      { ...id(), days: 20, site: 'north' },
      { ...id(), days: '3', site: 'north' },
      { ...id(), late: true },
      { ...id(), days: null, site: 'north' },
      { ...id(), days: 40, site: 'north', label: false },
    ];
    await world.drop('raw.json', JSON.stringify(rows));
    await world.drop('told.jsonl', jsonl({ ...id(), label: 'True' }));

    await world.take();

    expect((await world.taken()).map(({ label, truth }) => [label, truth])).toEqual([
      ['true', { days: '20' }],
      ['false', { days: '3' }],
      ['true', {}],
      ['true', {}],
    ]);
    expect(await world.refused()).toEqual([
      [4, noLabel],
      [5, 'two labels that differ in one row'],
    ]);
  });

  it('of a class is what training called it, before it is anything else', async () => {
    const world = await intakeWorld({ classes: ['True', '1.0', 'false', '2'] });
    await world.promote();
    const labels = ['True', '1.0', 'FALSE', '2.0'];
    await world.drop(
      'classes.jsonl',
      jsonl(...labels.map((label) => ({ predictionId: world.predictionId(), label }))),
    );

    await world.take();

    expect((await world.taken()).map(({ label }) => label)).toEqual(['True', '1.0', 'false', '2']);
  });

  it('that is larger than any label is refused', async () => {
    const world = await intakeWorld();
    await world.promote();
    await world.drop('large.jsonl', jsonl({ tag: 'T'.repeat(20_000), label: 'Adelie' }));

    await world.take();

    expect(await world.refused()).toEqual([[1, 'more than 16384 characters in one label']]);
  });
});

describe('the draw of what is captured', () => {
  const drawn = Array.from({ length: 100_000 }, (_, index) => `id-${index}`);

  it.each([0.001, 0.1, 0.5])('of a share of %s takes that share of the ids, within four sigma', (share) => {
    const captured = drawn.filter((id) => isCaptured(id, share)).length;

    expect(Math.abs(captured - 1e5 * share)).toBeLessThan(4 * Math.sqrt(1e5 * share * (1 - share)));
  });

  it('decides the same id alike, a larger share takes what a smaller one took, and all is all', () => {
    const some = drawn.slice(0, 1000);
    const small = some.filter((id) => isCaptured(id, 0.2));

    expect(some.filter((id) => isCaptured(id, 0.2))).toEqual(small);
    expect(small.every((id) => isCaptured(id, 0.3))).toBe(true);
    expect(some.every((id) => isCaptured(id, 1))).toBe(true);
  });
});
