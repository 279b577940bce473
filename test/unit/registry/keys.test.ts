import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keys, lists } from '../../../lib/domain/registry/index.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/records.md'), 'utf8');

/** `| name | partition | sort | …`, without the back-ticks. */
const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .map(([, name, partition, sort]) => ({ name, partition, sort }));

const given: Readonly<Record<string, { readonly partition: string; readonly sort: string }>> = {
  model: keys.model('<model>'),
  specPointer: keys.specPointer('<model>'),
  batchGate: keys.batchGate('<model>'),
  batch: keys.batch('<model>', '<batchId>'),
  dataset: keys.dataset('<model>', '<datasetVersion>'),
  run: keys.run('<runId>'),
  versionOfRun: keys.versionOfRun('<runId>'),
  versionCounter: keys.versionCounter('<model>'),
  route: keys.route('<model>'),
  approval: keys.approval('<approvalId>'),
  batchJudgement: keys.batchJudgement('<model>', '<batchId>'),
  taskToken: keys.taskToken('<approvalId>'),
  apiKey: keys.apiKey('<keyId>'),
  window: keys.window('<model>', '<end of the window>'),

  labelIntake: keys.labelIntake('<model>'),
  realisedWindow: keys.realisedWindow('<model>', '<end of the window>'),
  signal: keys.signal('<model>', '<signalId>'),
  decision: keys.decision('<model>', '<time>', '<id>'),
  latestDecision: keys.latestDecision('<model>'),
  retrainLease: keys.retrainLease('<model>'),
  retrainPause: keys.retrainPause('<model>'),
  audit: keys.audit('<model>', '<time>', '<id>'),
};

/** Sorted by a padded number or a hash: the page says in words what the key says in digits. */
const partitionsOnly: Readonly<Record<string, { readonly partition: string }>> = {
  specRevision: keys.specRevision('<model>', 1),
  arrival: keys.arrival('<model>', 'incoming/penguins/a.csv', 'etag'),
  version: keys.version('<model>', 1),
  verdict: keys.verdict('<model>', 1),
  goldenSet: keys.goldenSet('<model>', 1),
  reign: keys.reign('<model>', 1),
  labelFile: keys.labelFile('<model>', 'labels/penguins/a.csv', 'etag'),
};

describe('docs/records.md', () => {
  it.each(Object.entries({ ...given, ...partitionsOnly }))('shows where %s lies', (name, key) => {
    const row = rows.find((one) => one.name === name);

    expect(row).toMatchObject({ name, partition: key.partition });
    if ('sort' in key && name in given) expect(row?.sort).toBe(key.sort);
  });

  it('leaves no key out', () => {
    const told = [...Object.keys(given), ...Object.keys(partitionsOnly), 'arrivalsOfObject'];

    expect(Object.keys(keys).sort()).toEqual(told.sort());
  });

  it.each([
    lists.pendingArrivals('<model>'),
    lists.datasets('<model>'),
    lists.runs('<model>'),
    lists.approvals('unanswered'),
    lists.auditOfAll,
  ])('shows the list %s', (partition) => {
    expect(page).toContain(`\`${partition}\``);
  });
});

describe('keys', () => {
  it('sort versions as numbers', () => {
    const sorts = [1, 2, 10, 99, 100].map((version) => keys.version('penguins', version).sort);

    expect(sorts.toSorted()).toEqual(sorts);
  });

  it('stay within what a sort key holds, however long an object key is', () => {
    const { sort } = keys.arrival('penguins', `incoming/penguins/${'x'.repeat(1000)}.csv`, 'etag');

    expect(Buffer.byteLength(sort)).toBeLessThan(1024);
  });
});
