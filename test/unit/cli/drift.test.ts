import { describe, expect, it } from 'vitest';
import type { Surroundings } from '../../../lib/cli/surroundings.ts';
import type { WindowRecord } from '../../../lib/domain/drift/index.ts';
import { writeModelMonitorFiles } from '../../../lib/domain/model-monitor-files/index.ts';
import { objectKeys } from '../../../lib/wire/object-keys.ts';
import { baseline, gapOn, model, profile, realisedOn, windowOn } from '../drift-report/story.ts';
import { withFlights } from './keyboard.ts';

/** Version 1 serves, frozen with the baseline of the story. */
const serving = async (overrides: Partial<Surroundings> = {}) => {
  const typed = await withFlights(overrides);
  const { registry, dropped } = typed;
  await registry.startRun({
    runId: 'run-1',
    model,
    trigger: { kind: 'new-data', by: 'drop', why: 'a week arrived' },
    specRevision: 1,
  });
  await registry.registerVersion({
    model,
    runId: 'run-1',
    task: 'binary',
    trainer: 'boosted-trees',
    artifactSha256: 'a'.repeat(64),
    artifactKey: 'models/1/model.onnx',
    signatureKey: 'models/1/signature.json',
    files: { baseline: 'models/1/baseline.json' },
    metrics: { auc: 0.7 },
    specRevision: 1,
    codeVersion: '0.1.0',
  });
  await registry.approveAutomatically({ model, version: 1, runId: 'run-1', why: 'passed' });
  await registry.promote({ model, version: 1, expectedRevision: 0, by: 'roll-out', why: 'approved' });
  dropped.set('models/1/baseline.json', JSON.stringify(baseline));
  return typed;
};

/** Flights that were watched for some windows; of the newest the counts were kept. */
const watched = async (windows: readonly WindowRecord[], overrides: Partial<Surroundings> = {}) => {
  const typed = await serving(overrides);
  for (const window of windows) await typed.registry.recordWindow(window);
  const key = objectKeys.window(model, windows.at(-1)?.windowEnd ?? '', 'profile.json');
  typed.dropped.set(key, JSON.stringify(profile));
  return typed;
};

describe('millrace drift', () => {
  it('shows window by window what moved, what is estimated, and what labels say', async () => {
    const typed = await watched([
      windowOn(20, { version: 1 }),
      gapOn(21, 'carried', 310),
      windowOn(23, { version: 1, featureDrift: 1.82, predictionDrift: 1.53 }),
    ]);
    await typed.registry.putRealisedWindow(realisedOn(23, { version: 1 }), undefined);

    const { out, exitCode } = await typed.type('drift', model);

    expect(exitCode).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "WINDOW UNTIL          VERSION  ROWS    OUTCOME              FEATURES  ANSWERS  DATA QUALITY  ESTIMATED  BY LABELS  LABELLED  MOVED MOST
      2026-04-25 00:00 UTC  1        12,000  judged               1.82      1.53     0.21          83.0 %     76.9 % !   94 %      distance 1.82 (20 %), predicted class 1.53 (16 %), predicted probability 1.42 (16 %)
      2026-04-23 00:00 UTC  2        310     carried: 310 of 500  –         –        –             –          –          –
      2026-04-22 00:00 UTC  1        12,000  judged               0.16      0.22     0.21          84.1 %     –          –         predicted class 0.22 (3 %)

      In the window until 2026-04-25 00:00 UTC:
        "distance": more above 670 (+20 points), less up to 670 (−20 points)
        "predicted class": more late (+16 points), less on time (−16 points)
        "predicted probability": more above 0.21 (+16 points), less up to 0.16 (−16 points)

      1 is the limit of every score; in brackets the share of the traffic that moved.
      Estimated and by labels: accuracy. Estimates hold while only the inputs change; labels tell when their meaning does.
      !: labels and estimate disagree, so that the estimate is not to be believed.
      "
    `);
  });

  it('gives programs everything', async () => {
    const typed = await watched([windowOn(23, { version: 1 })]);

    const told = JSON.parse((await typed.type('drift', model, '--json')).out);

    expect(Object.keys(told)).toEqual(['windows', 'realised', 'movements', 'decisions']);
    expect(told.movements[0]).toMatchObject({ name: 'distance' });
  });

  it('says when there will be something to see', async () => {
    const typed = await withFlights();

    expect((await typed.type('drift', model)).out).toContain('20 minutes after its end');
    expect((await typed.type('drift', 'unknown')).exitCode).toBe(4);
    expect((await typed.type('drift')).exitCode).toBe(2);
  });

  it('writes the page where it is told to, and shows it when it is asked to', async () => {
    const pages: [string, string, boolean][] = [];
    const opened: string[] = [];
    const typed = await watched([windowOn(23, { version: 1 })], {
      writePage: async (page, name, { isKept }) => {
        pages.push([page.slice(0, 15), name, isKept]);
        return `/somewhere/${name}`;
      },
      openPage: async (path) => void opened.push(path),
    });

    const out = await typed.type('drift', model, '--out', 'april.html');
    await typed.type('drift', model, '--open');

    expect(out.out).toBe('/somewhere/april.html\n');
    expect(pages).toEqual([
      ['<!doctype html>', 'april.html', true],
      ['<!doctype html>', 'drift-flight-delay.html', false],
    ]);
    expect(opened).toEqual(['/somewhere/drift-flight-delay.html']);
  });
});

describe('millrace drift --file', () => {
  const asIt = (changed: object = {}) => ({
    profileFile: async () => ({ ...profile, unreadableRows: 0, ...changed }),
  });
  /** The counts of the baseline's own features. */
  const same = { rows: baseline.rows, columns: baseline.columns.map(({ counts }) => counts) };

  it('compares a file with the champion and ends in 6 where it moved too far', async () => {
    const typed = await serving(asIt({ unreadableRows: 2 }));

    const { out, err, exitCode } = await typed.type('drift', model, '--file', 'next.csv');

    expect(exitCode).toBe(6);
    expect(err).toContain('next.csv: 19.8 % of the traffic moved in "distance"');
    expect(out).toMatchInlineSnapshot(`
      "next.csv: 12,000 rows against the 10,000 validation rows of flight-delay, version 1

      COLUMN          SCORE  MOVED  PSI    KS     JS     MISSING    HOW
      distance        1.82   20 %   0.217  0.198  0.196  0 % → 0 %  more above 670 (+20 points), less up to 670 (−20 points)
      origin          0.54   7 %    0.057  –      0.101  0 % → 0 %  more other values (+5.8 points), less ORD (−6.5 points)
      departure hour  -0.01  2 %    0.039  0.008  0.063  0 % → 1 %  less above 18 (−1 points)
      carrier         -0.13  1 %    0.003  –      0.024  0 % → 0 %  as before

      Data quality 0.15: the missing share of "departure hour" went from 0.0 % to 0.8 %, allowed a change of 5.0 %
      1 is the limit of every score. PSI, KS and JS decide nothing.
      2 record(s) could not be read.
      "
    `);
  });

  it('ends in 0 where a file is as validation was', async () => {
    const typed = await serving(asIt(same));

    const { out, exitCode } = await typed.type('drift', model, '--file', 'same.parquet');

    expect(exitCode).toBe(0);
    expect(out).toContain('as before');
  });

  it('compares with the files of SageMaker Model Monitor, without a home', async () => {
    const typed = await withFlights({ ...asIt(same), openDesk: () => Promise.reject(new Error('no home')) });
    const { statistics, constraints } = writeModelMonitorFiles(baseline);
    typed.files.set('s.json', JSON.stringify(statistics));
    typed.files.set('c.json', JSON.stringify(constraints));

    const { out, exitCode } = await typed.type(
      'drift',
      '--file',
      'same.csv',
      '--statistics',
      's.json',
      '--constraints',
      'c.json',
      '--json',
    );

    expect([exitCode, JSON.parse(out).with]).toEqual([0, 'the 10,000 rows of s.json']);
  });

  it.each([
    ['drift', '--file', 'a.csv'],
    ['drift', '--file', 'a.csv', '--statistics', 's.json'],
    ['drift', model, '--file', 'a.csv', '--statistics', 's.json', '--constraints', 'c.json'],
    ['drift', model, '--statistics', 's.json'],
  ])('is told with what, once: %s %s %s', async (...words) => {
    expect((await (await serving()).type(...words)).exitCode).toBe(2);
  });

  it('says what is missing: a champion, or a baseline that can be read', async () => {
    const nobody = await withFlights();
    const unreadable = await serving();
    unreadable.dropped.set('models/1/baseline.json', '{"schemaVersion": 99}');

    expect((await nobody.type('drift', model, '--file', 'a.csv')).exitCode).toBe(6);
    const { err, exitCode } = await unreadable.type('drift', model, '--file', 'a.csv');
    expect([exitCode, err]).toEqual([6, expect.stringContaining('has no baseline that can be read')]);
  });
});
