import { consoleNotifier } from '../../../lib/adapters/local/console-notifier.ts';
import { openSqliteDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { sqliteRecordStore } from '../../../lib/adapters/local/sqlite-record-store.ts';
import { runCli } from '../../../lib/cli/run-cli.ts';
import type { StartRequest, Surroundings } from '../../../lib/cli/surroundings.ts';
import { parseModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { plainAnswers } from '../../../lib/domain/prediction/index.ts';
import type { ObjectStore } from '../../../lib/ports/object-store.ts';
import { type Registry, registry } from '../../../lib/registry/index.ts';
import { flights, stage } from '../serving/stage.ts';

const never = (what: string) => () => {
  throw new Error(`nobody told this test about ${what}`);
};

/** A keyboard and a screen over a registry in memory, at a moment that passes one second with each look at the clock. */
export const keyboard = (overrides: Partial<Surroundings> = {}) => {
  let now = Date.parse('2026-11-21T12:00:00Z');
  let ids = 0;
  const clock = { now: () => (now += 1000), sleep: () => Promise.reject(new Error('waiting is a bug')) };
  const database = openSqliteDatabase({ filePath: ':memory:' });
  const records: Registry = registry({
    records: sqliteRecordStore({ database }),
    clock,
    ids: { next: () => `id-${++ids}`, secret: () => 'S'.repeat(43) },
  });
  const notifier = consoleNotifier({ database, clock, write: () => undefined });
  const dropped = new Map<string, unknown>();
  const files = new Map<string, string>();
  const started: StartRequest[] = [];
  const collected: string[] = [];
  const objects: ObjectStore = {
    putIfAbsent: async (key, body) => {
      const created = !dropped.has(key);
      if (created) dropped.set(key, body);
      return { created, head: { key, sizeBytes: 0, etag: '', modifiedAt: '' } };
    },
    get: async (key) => {
      const body = dropped.get(key);
      if (typeof body === 'string') return new TextEncoder().encode(body);
      throw new Error(`nobody told this test about ${key}`);
    },
    download: never('downloads'),
    head: never('heads'),
    list: never('listing'),
  };
  const text = (path: string) => {
    const found = files.get(path);
    if (found !== undefined) return found;
    throw Object.assign(new Error(`ENOENT: no such file or directory, open '${path}'`), {
      code: 'ENOENT',
      path,
    });
  };
  let out = '';
  let err = '';
  const surroundings: Surroundings = {
    out: (more) => {
      out += more;
    },
    err: (more) => {
      err += more;
    },
    env: {},
    user: () => 'ada',
    now: () => now,
    readFile: async (path) => new TextEncoder().encode(text(path)),
    hashFile: async (path) => text(path).repeat(64).slice(0, 64),
    openDesk: async () => ({
      registry: records,
      objects,
      inbox: (limit) => notifier.inbox(limit),
      approvalSecret: () => 'the secret of the test, as long as it must be',
      close: () => undefined,
    }),
    decideApproval: (_place, decision) => records.decideApproval(decision),
    collect: async (_place, model) => {
      collected.push(model);
    },
    retrain: never('retraining'),
    freezeGoldenSet: never('golden sets'),
    withPredictions: (_place, work) => {
      const { predictions } = stage([flights]);
      return work({
        columnsOf: async (model) => (await predictions.describe(model)).signature.columns,
        ask: async (model, rows) => {
          const { version, signature, predictionIds, ...answer } = await predictions.predict({ model, rows });
          return { version, predictions: plainAnswers(answer.predictions, signature, predictionIds) };
        },
      });
    },
    start: async (request) => {
      started.push(request);
    },
    reproduce: never('reproducing'),
    examine: never('examining'),
    profileFile: never('profiling'),
    writePage: never('writing pages'),
    openPage: never('opening pages'),
    openLeaving: never('leaving'),
    smoke: never('a smoke test'),
    ask: never('asking'),
    productVersion: () => '0.1.0',
    ...overrides,
  };
  const type = async (...argv: string[]) => {
    out = '';
    err = '';
    const exitCode = await runCli(argv, surroundings);
    return { exitCode, out, err };
  };
  return { type, registry: records, notifier, dropped, files, started, collected };
};

type Keyboard = ReturnType<typeof keyboard>;

/** Trains, in the registry's words only, and asks for a decision. */
export const trainVersion = async (
  { registry: records }: Keyboard,
  runId: string,
  auc: number,
): Promise<void> => {
  const model = 'flight-delay';
  await records.startRun({
    runId,
    model,
    trigger: { kind: 'new-data', by: 'drop', why: 'a week arrived' },
    specRevision: 1,
  });
  await records.noteRun(runId, {
    seed: 7,
    trainer: 'boosted-trees',
    codeVersion: '0.1.0',
    parameters: { rounds: 300, learningRate: auc > 0.7 ? 0.05 : 0.1 },
    metrics: { auc, logLoss: 0.45 },
  });
  await records.noteRunStep(runId, 'train', auc * 10_000);
  const { version } = await records.registerVersion({
    model,
    runId,
    task: 'binary',
    trainer: 'boosted-trees',
    artifactSha256: runId.repeat(64).slice(0, 64),
    artifactKey: `models/${runId}/model.onnx`,
    signatureKey: `models/${runId}/signature.json`,
    files: {},
    metrics: { auc, logLoss: 0.45 },
    specRevision: 1,
    codeVersion: '0.1.0',
    seed: 7,
  });
  await records.noteRun(runId, { modelVersion: version.version });
  await records.requestApproval({
    approvalId: runId,
    model,
    version: version.version,
    runId,
    taskToken: 'token',
    timeoutHours: 72,
    summary: `version ${version.version} passed its gates (AUC ${auc})`,
    evidence: {},
  });
};

/** What the workflow does with an approved version. */
export const promote = async ({ registry: records }: Keyboard, version: number): Promise<void> => {
  const model = 'flight-delay';
  const { revision } = await records.getRoute(model);
  await records.promote({ model, version, expectedRevision: revision, by: 'roll-out', why: 'approved' });
};

/** A keyboard with the flight model described. */
export const withFlights = async (overrides: Partial<Surroundings> = {}): Promise<Keyboard> => {
  const typed = keyboard(overrides);
  const spec = parseModelSpec('{"name": "flight-delay", "task": "binary", "target": "late"}');
  await typed.registry.applySpec({ spec, by: 'ada' });
  return typed;
};
