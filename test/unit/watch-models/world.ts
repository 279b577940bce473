import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { run as watchModels } from '../../../lambdas/watch-models/handler.ts';
import { sqliteAlarmBook } from '../../../lib/adapters/local/sqlite-alarm-book.ts';
import { Baseline } from '../../../lib/domain/baseline/index.ts';
import { registry as makeRegistry } from '../../../lib/registry/index.ts';
import { localStores } from '../../support/index.ts';
import { penguinSpec, trainedBy } from '../registry/support/stories.ts';

export const hourMs = 3_600_000;
export const model = 'penguins';

/** Body masses, a tenth of the validation rows up to each edge. */
export const baseline: Baseline = Baseline.parse({
  schemaVersion: 2,
  promises: [],
  model,
  datasetVersion: 'd1',
  rows: 100_000,
  columns: [
    {
      name: 'mass',
      of: 'feature',
      bins: { kind: 'number', edges: [10, 20, 30, 40, 50, 60, 70, 80, 90], min: 1, max: 100 },
      counts: { counts: [...new Array(10).fill(10_000), 0], outside: 0, wrong: 0 },
    },
  ],
  label: {
    name: 'species',
    of: 'label',
    bins: { kind: 'category', values: ['Adelie'], isClosed: true, singletons: 0 },
    counts: { counts: [100_000, 0, 0], outside: 0, wrong: 0 },
  },
});

export interface Asked {
  /** Of a row, beside its mass. @default - nothing */
  readonly features?: (row: number) => object;
  /** What was answered. @default - nothing */
  readonly output?: (row: number) => object;
  /** The share of predictions that was captured. @default - all */
  readonly share?: number;
  /** @default - as validation knew them */
  readonly masses?: (row: number) => unknown;
  /** @default - now */
  readonly atMs?: number;
  readonly version?: number;
  readonly role?: string;
  /** Files of one name hold the same predictions. @default - a name of its own */
  readonly file?: string;
  /** How often the sink delivers the file. @default 1 */
  readonly copies?: number;
}

/** A model that serves since 09:00, watched by the hour once 250 rows are there, and what was captured of it. */
export const watchedWorld = async (monitor: object = {}) => {
  const { objects, records, metrics, notifier, clock, ids, database, path, remove } = localStores();
  onTestFinished(remove);
  const registry = makeRegistry({ records, clock, ids });
  await registry.applySpec({
    spec: penguinSpec({ monitor: { windowHours: 1, minRows: 250, ...monitor } }),
    by: 'Ada',
  });
  const alarms = sqliteAlarmBook({ database, clock });
  const services = {
    objects,
    registry,
    metrics,
    alarms,
    notifier,
    clock,
    withScratchFolder: <Result>(work: (folder: string) => Promise<Result>) => work(path),
    dataEngine: { memoryLimitMb: 500, threads: 1 },
    stuckAfterHours: 24,
  };
  let files = 0;

  /** The next version goes live, frozen with such a baseline; `undefined`: with none. */
  const promote = async (frozen: string | undefined = JSON.stringify(baseline)) => {
    const runId = ids.next();
    const key = `models/${model}/by-run/${runId}/baseline.json`;
    if (frozen !== '') await objects.putIfAbsent(key, frozen);
    const trained = trainedBy(runId);
    const { version } = await registry.registerVersion({
      ...trained,
      files: frozen === '' ? {} : { baseline: key },
    });
    await registry.approveAutomatically({ model, version: version.version, runId, why: 'passed' });
    const { revision } = await registry.getRoute(model);
    const move = { model, version: version.version, by: 'roll-out', why: 'healthy' };
    await registry.promote({ ...move, expectedRevision: revision });
  };

  const ask = async (count: number, asked: Asked = {}) => {
    const { masses = (row: number) => (row % 100) + 1, atMs = clock.now(), version = 1 } = asked;
    files += 1;
    const { features = () => ({}), output = () => ({}), share } = asked;
    const { role = 'champion', file = `file-${files}`, copies = 1 } = asked;
    const at = new Date(atMs).toISOString();
    const lines = Array.from({ length: count }, (_, row) => {
      const about = { predictionId: `${file}-${row}`, model, version, role, at, share, latencyMs: 1 };
      const mass = masses(row);
      return JSON.stringify({ ...about, features: { mass, ...features(row) }, output: output(row) });
    });
    const folder = `captured/model=${model}/dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/`;
    for (let copy = 1; copy <= copies; copy += 1)
      await objects.putIfAbsent(`${folder}${file}-${files}-${copy}.gz`, gzipSync(lines.join('\n')));
  };

  /** To 30 minutes past the next full hour, when the window before may be judged. */
  const nextHour = () => clock.advance((Math.floor(clock.now() / hourMs) + 1.5) * hourMs - clock.now());
  const watch = () => watchModels({ models: [model] }, services);

  return {
    services,
    clock,
    promote,
    ask,
    nextHour,
    watch,
    /** Half an hour into the next window the one before is judged. */
    judge: async () => {
      await nextHour();
      await watch();
      const [latest] = await registry.listWindows(model, { limit: 1 });
      return latest;
    },
    windows: () => registry.listWindows(model),
    stateOf: async (lane: string) => (await alarms.states(model)).find((one) => one.lane === lane)?.state,
  };
};
