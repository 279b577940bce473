import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { judgeRealised } from '../../../lambdas/watch-models/realised.ts';
import { sqliteAlarmBook } from '../../../lib/adapters/local/sqlite-alarm-book.ts';
import { Baseline } from '../../../lib/domain/baseline/index.ts';
import { WindowRecord } from '../../../lib/domain/drift/index.ts';
import { type LabelLine, predictedAtOf } from '../../../lib/domain/labels/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { registry as makeRegistry } from '../../../lib/registry/index.ts';
import { objectKeys } from '../../../lib/wire/object-keys.ts';
import { localStores } from '../../support/index.ts';
import { trainedBy } from '../registry/support/stories.ts';

export const model = 'lamps';
export const hourMs = 3_600_000;
/** Midnight of a Monday. */
export const startMs = Date.UTC(2026, 0, 5);

const digits = '0123456789abcdefghjkmnpqrstvwxyz';

/** The id of a prediction made at a moment. */
export const idAt = (atMs: number, number: number): string => {
  let [moment, rest] = ['', atMs];
  for (; moment.length < 10; rest = Math.floor(rest / 32)) moment = `${digits[rest % 32]}${moment}`;
  const id = `${moment}${String(number).padStart(16, '0')}`;
  if (predictedAtOf(id) !== atMs) throw new Error(`${id} is not of ${atMs}`);
  return id;
};

const iso = (atMs: number): string => new Date(atMs).toISOString();

/** Files are slow to write: people ask in the first hours of the day. */
const askedHours = 3;

/** So many predictions of a day, evenly over the hours people ask in. */
export const momentsOf = (day: number, count: number): readonly Asked[] =>
  Array.from({ length: count }, (_, row) => {
    const atMs = startMs + day * 24 * hourMs + Math.floor((row * askedHours * hourMs) / count);
    return { id: idAt(atMs, row), atMs };
  });

/** A tenth of a thousand validation rows was answered wrongly, and the model is as sure as it is right. */
export const baseline: Baseline = Baseline.parse({
  schemaVersion: 2,
  model,
  datasetVersion: 'd1',
  rows: 1000,
  columns: [],
  label: {
    name: 'broken',
    of: 'label',
    bins: { kind: 'category', values: ['no', 'yes'], isClosed: true, singletons: 0 },
    counts: { counts: [500, 500, 0, 0], outside: 0, wrong: 0 },
  },
  quality: {
    kind: 'classes',
    classes: ['no', 'yes'],
    positiveClass: 'yes',
    maps: [{ schemaVersion: 1, rows: 1000, scores: [0, 1], probabilities: [0, 1] }],
    estimated: { mean: 0.9, sd: 0.01, windows: 20 },
    windowRows: 500,
    realised: { rows: 1000, errors: 100 },
  },
});

export interface Asked {
  readonly id: string;
  readonly atMs: number;
}

/** A model that answers "yes" with 0.9 to whatever it is asked, windows of a day, and the labels that come. */
export const labelledWorld = async (changes: object = {}, frozen: object = baseline) => {
  const stores = localStores({ startMs });
  onTestFinished(stores.remove);
  const { objects, records, metrics, notifier, clock, ids, database, path } = stores;
  const registry = makeRegistry({ records, clock, ids });
  await registry.applySpec({
    spec: ModelSpec.parse({ name: model, task: 'binary', target: 'broken', ...changes }),
    by: 'Ada',
  });
  const files = { baseline: `models/${model}/1/baseline.json` };
  await objects.putIfAbsent(files.baseline, JSON.stringify(frozen));
  const trained = { ...trainedBy('run-1'), model, files };
  await objects.putIfAbsent(
    trained.signatureKey,
    JSON.stringify({
      schemaVersion: 1,
      task: 'binary',
      target: 'broken',
      columns: [{ name: 'hours', kind: 'number', isNullable: false }],
      inputs: [{ tensor: 'hours', type: 'float32', columns: ['hours'], rank: 2 }],
      outputs: { probabilities: 'p' },
      classes: ['no', 'yes'],
      positiveClass: 'yes',
      threshold: 0.5,
    }),
  );
  await registry.registerVersion(trained);
  const services = {
    objects,
    registry,
    metrics,
    alarms: sqliteAlarmBook({ database, clock }),
    notifier,
    clock,
    withScratchFolder: <Result>(work: (folder: string) => Promise<Result>) => work(path),
  };
  let written = 0;

  /** So many predictions in the first hours of a day; the window of the day is judged. */
  const askDay = async (day: number, count: number, features: object = {}): Promise<readonly Asked[]> => {
    const from = startMs + day * 24 * hourMs;
    const asked = momentsOf(day, count);
    for (let hour = 0; hour < askedHours; hour += 1) {
      const lines = asked.flatMap(({ id, atMs }, row) =>
        Math.floor((atMs - from) / hourMs) !== hour
          ? []
          : [
              JSON.stringify({
                predictionId: id,
                model,
                version: 1,
                role: 'champion',
                at: iso(atMs),
                features: { hours: row, ...features },
                output: { label: 'yes', probability: 0.9 },
                latencyMs: 1,
              }),
            ],
      );
      const at = iso(from + hour * hourMs);
      const folder = `captured/model=${model}/dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/`;
      if (lines.length > 0) await objects.putIfAbsent(`${folder}a.ndjson.gz`, gzipSync(lines.join('\n')));
    }
    await registry.recordWindow(
      WindowRecord.parse({
        model,
        windowStart: iso(from),
        windowEnd: iso(from + 24 * hourMs),
        from: iso(from),
        windows: 1,
        version: 1,
        rows: count,
        outcome: 'judged',
        requiredRows: 1,
        lanes: [],
        columns: [],
        skippedFiles: [],
        skippedFileCount: 0,
        skippedLines: 0,
        judgedAt: iso(clock.now()),
      }),
    );
    return asked;
  };

  const lineOf = (label: string, changes: Partial<LabelLine>): LabelLine => ({
    label,
    truth: { label },
    at: iso(clock.now()),
    receivedAt: iso(clock.now()),
    source: `labels/${model}/a.csv`,
    row: 1,
    ...changes,
  });

  /** Labels as the intake files them, one object an hour. */
  const tell = async (
    told: readonly (Asked & { readonly label: string; readonly changes?: Partial<LabelLine> })[],
  ) => {
    written += 1;
    for (const folder of new Set(told.map(({ atMs }) => folderOf(atMs)))) {
      const lines = told
        .filter(({ atMs }) => folderOf(atMs) === folder)
        .map(({ id, label, changes = {} }) =>
          JSON.stringify(lineOf(label, { predictionId: id, ...changes })),
        );
      await objects.putIfAbsent(`${folder}${written}.ndjson.gz`, gzipSync(lines.join('\n')));
    }
  };
  const folderOf = (atMs: number): string =>
    objectKeys.labelledHour(model, iso(atMs).slice(0, 10), iso(atMs).slice(11, 13));

  /** Labels by the key of a row. */
  const tellKeyed = async (told: readonly { readonly key: LabelLine['key']; readonly label: string }[]) => {
    written += 1;
    const folder = objectKeys.labelledKeyed(model, iso(clock.now()).slice(0, 10));
    const lines = told.map(({ key, label }) => JSON.stringify(lineOf(label, { key })));
    await objects.putIfAbsent(`${folder}${written}.ndjson.gz`, gzipSync(lines.join('\n')));
  };

  return {
    ...services,
    askDay,
    tell,
    tellKeyed,
    /** To this hour of this day. */
    passTo: (day: number, hour = 1) => clock.advance(startMs + (day * 24 + hour) * hourMs - clock.now()),
    look: () => judgeRealised(model, services),
    looked: (more: object) => judgeRealised(model, { ...services, ...more }),
    known: () => registry.listRealisedWindows(model),
  };
};
