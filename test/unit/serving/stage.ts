import { createHash } from 'node:crypto';
import type { ColumnTable } from '../../../lib/domain/dataset/index.ts';
import { ModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { ModelRecord, ModelVersion, SpecRevision } from '../../../lib/domain/registry/index.ts';
import { Route } from '../../../lib/domain/routing/index.ts';
import { type Predictions, readSignature, type Signature } from '../../../lib/domain/signature/index.ts';
import type { PredictionRecord } from '../../../lib/ports/capture-sink.ts';
import type { MetricPoint } from '../../../lib/ports/metric-sink.ts';
import { type PredictionServices, predictionService } from '../../../lib/serving/predictions.ts';
import { servingApp } from '../../../lib/serving/serving-app.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';

const text = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** Late flights: a number, a nullable category, a boolean and a datetime. */
export const flightSignature: Signature = readSignature(
  text({
    schemaVersion: 1,
    task: 'binary',
    target: 'late',
    columns: [
      { name: 'distance', kind: 'number', isNullable: false },
      { name: 'origin', kind: 'category', isNullable: true },
      { name: 'weekend', kind: 'boolean', isNullable: true },
      { name: 'departure', kind: 'datetime', isNullable: true },
    ],
    inputs: [{ tensor: 'distance', type: 'float32', columns: ['distance'], rank: 2 }],
    outputs: { probabilities: 'probabilities' },
    classes: ['false', 'true'],
    positiveClass: 'true',
    threshold: 0.5,
  }),
);

export const houseSignature: Signature = readSignature(
  text({
    schemaVersion: 1,
    task: 'regression',
    target: 'price',
    columns: [{ name: 'area', kind: 'number', isNullable: false }],
    inputs: [{ tensor: 'area', type: 'float32', columns: ['area'], rank: 2 }],
    outputs: { value: 'value' },
  }),
);

const numbers = (table: ColumnTable, name: string): Float64Array => {
  const column = table.columns.get(name);
  if (column?.kind !== 'number') throw new Error(`the table has no number column ${name}`);
  return column.values;
};

/** Long flights are late: the probability is distance / 1000, at most 1. A distance of 13 breaks the model. */
const runFlights = (table: ColumnTable): Predictions => {
  const late = Array.from(numbers(table, 'distance'), (distance) => Math.min(1, distance / 1000));
  if (late.includes(0.013)) throw new Error('boom at /srv/secret/model.onnx');
  return {
    kind: 'classes',
    probabilities: Float32Array.from(late.flatMap((probability) => [1 - probability, probability])),
    labels: Int32Array.from(late, (probability) => (probability >= 0.5 ? 1 : 0)),
  };
};

const runHouses = (table: ColumnTable): Predictions => ({
  kind: 'values',
  values: Float64Array.from(numbers(table, 'area'), (area) => area * 3),
});

export interface StagedModel {
  readonly name: string;
  readonly route: Partial<Route>;
  readonly signature?: Signature;
  /** Artifact text by version; the number of versions is the number of texts. */
  readonly artifacts?: readonly string[];
  readonly spec?: Record<string, unknown>;
  /** What is stored instead of the artifact of version 1. */
  readonly storedInstead?: string;
}

const stagedVersion = (model: StagedModel, version: number, artifact: string): ModelVersion =>
  ModelVersion.parse({
    model: model.name,
    version,
    runId: `run-${version}`,
    task: model.signature?.task ?? 'binary',
    trainer: 'boosted-trees',
    artifactSha256: createHash('sha256').update(artifact).digest('hex'),
    artifactKey: `models/${model.name}/${version}/model.onnx`,
    signatureKey: `models/${model.name}/${version}/signature.json`,
    files: {},
    metrics: { auc: 0.71 },
    specRevision: 1,
    codeVersion: '0.1.0',
    createdAt: '2026-11-01T00:00:00.000Z',
  });

/** A registry, a store and a model runtime that know exactly the models staged, and throw when asked for more. */
export const stage = (models: readonly StagedModel[], overrides: Partial<PredictionServices> = {}) => {
  const captured: PredictionRecord[] = [];
  const points: MetricPoint[] = [];
  const opened: string[] = [];
  const released: string[] = [];
  const logged: { reference: string; error: unknown }[] = [];
  const objects = new Map<string, Uint8Array>();
  const versions = new Map<string, ModelVersion>();
  const asked = { routes: 0 };
  const time = { now: Date.parse('2026-11-21T12:00:00Z') };
  const byName = new Map(models.map((model) => [model.name, { ...model, route: { ...model.route } }]));

  for (const model of models) {
    for (const [index, artifact] of (model.artifacts ?? ['champion']).entries()) {
      const version = stagedVersion(model, index + 1, artifact);
      versions.set(`${model.name}/${index + 1}`, version);
      objects.set(
        version.artifactKey,
        new TextEncoder().encode(index === 0 ? (model.storedInstead ?? artifact) : artifact),
      );
      objects.set(version.signatureKey, text(model.signature ?? flightSignature));
    }
  }
  const known = (name: string) => {
    const model = byName.get(name);
    if (model === undefined) throw new MillraceError('MODEL_UNKNOWN', `model "${name}" is not registered`);
    return model;
  };
  const record = ({ name, signature }: StagedModel) =>
    ModelRecord.parse({
      model: name,
      task: signature?.task ?? 'binary',
      specRevision: 1,
      createdAt: '2026-11-01T00:00:00.000Z',
      changedAt: '2026-11-01T00:00:00.000Z',
    });

  let ids = 0;
  const services: PredictionServices = {
    registry: {
      getRoute: async (name) => {
        asked.routes += 1;
        return { ...Route.parse({ formerChampions: [], ...byName.get(name)?.route }), revision: 1 };
      },
      getSpec: async (name) => {
        const model = known(name);
        const spec = ModelSpec.parse({ name, task: 'binary', target: 'late', ...model.spec });
        return SpecRevision.parse({ model: name, revision: 1, sha256: 'x', spec, appliedAt: '', by: 'test' });
      },
      getVersion: async (name, version) => {
        const found = versions.get(`${name}/${version}`);
        if (found === undefined) throw new Error(`nobody staged ${name} version ${version}`);
        return found;
      },
      getModel: async (name) => record(known(name)),
      listModels: async () => models.map(record),
    },
    objects: {
      get: async (key) => {
        const bytes = objects.get(key);
        if (bytes === undefined) throw new Error(`nobody staged the object ${key}`);
        return bytes;
      },
      putIfAbsent: async (key, body) => {
        const created = !objects.has(key);
        if (created) objects.set(key, new TextEncoder().encode(String(body)));
        return { created, head: { key, sizeBytes: String(body).length, etag: 'x', modifiedAt: '' } };
      },
    },
    openModel: async (bytes, signature) => {
      const artifact = new TextDecoder().decode(bytes);
      opened.push(artifact);
      return {
        run: (table) => {
          if (artifact.includes('broken')) throw new Error('broken model');
          return signature.task === 'regression' ? runHouses(table) : runFlights(table);
        },
        release: () => {
          released.push(artifact);
        },
      };
    },
    capture: {
      capture: (records) => {
        captured.push(...records);
      },
      flush: async () => ({ written: captured.length, lost: 0 }),
    },
    metrics: {
      put: async (more) => {
        points.push(...more);
      },
    },
    clock: { now: () => time.now },
    ids: { next: () => `prediction-${++ids}` },
    secret: 'a secret of the test',
    draw: () => 0.5,
    ...overrides,
  };
  const predictions = predictionService(services);
  const app = servingApp({
    predictions,
    log: (entry) => logged.push(entry),
    newReference: () => 'reference-1',
    productVersion: '0.1.0',
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const setRoute = (name: string, route: Partial<Route>) => {
    known(name).route = route;
  };
  return {
    app,
    post,
    predictions,
    captured,
    points,
    opened,
    released,
    logged,
    asked,
    time,
    setRoute,
    objects,
  };
};

export const flights: StagedModel = { name: 'flight-delay', route: { champion: 1 } };
export const houses: StagedModel = { name: 'houses', route: { champion: 1 }, signature: houseSignature };
