import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { run as receiveObject } from '../../../lambdas/receive-object/handler.ts';
import type { Services } from '../../../lambdas/services.ts';
import { takeLabels } from '../../../lambdas/watch-models/take-labels.ts';
import { systemIds } from '../../../lib/adapters/local/system-ids.ts';
import type { LabelLine } from '../../../lib/domain/labels/index.ts';
import { registry as makeRegistry } from '../../../lib/registry/index.ts';
import { localStores } from '../../support/index.ts';
import { penguinSpec, promotedInTurn, trainedBy } from '../registry/support/stories.ts';

const model = 'penguins';
const species = ['Adelie', 'Chinstrap', 'Gentoo'];

const signatureOf = (task: string, classes: readonly string[] | undefined): string =>
  JSON.stringify({
    schemaVersion: 1,
    task,
    target: 'species',
    columns: [{ name: 'mass', kind: 'number', isNullable: false }],
    inputs: [{ tensor: 'mass', type: 'float32', columns: ['mass'], rank: 2 }],
    outputs: classes === undefined ? { value: 'value' } : { probabilities: 'probabilities' },
    ...(classes && { classes }),
  });

export interface Labelled {
  readonly spec?: object;
  /** @default species; `undefined`, given by name: a regression */
  readonly classes?: readonly string[] | undefined;
  /** What training found raw columns to be. @default - there is no dataset */
  readonly kinds?: Readonly<Record<string, string>>;
}

const startsNothing: Pick<Services['workflow'], 'start'> = {
  start: () => Promise.reject(new Error('labels start nothing')),
};

/** Penguins that may serve and are told the truth late, without a model being run. */
export const intakeWorld = async (labelled: Labelled = {}) => {
  const stores = localStores();
  const { objects, records, notifier, clock, path: folder, remove } = stores;
  onTestFinished(remove);
  const { spec: changes = {}, kinds } = labelled;
  const classes = 'classes' in labelled ? labelled.classes : species;
  const ids = systemIds({ clock });
  const registry = makeRegistry({ records, clock, ids });
  const spec = penguinSpec({ key: ['tag'], ...changes });
  await registry.applySpec({ spec, by: 'Ada' });
  const trained = { ...trainedBy('run-1'), task: spec.task };
  await objects.putIfAbsent(trained.signatureKey, signatureOf(spec.task, classes));
  const columns = Object.entries(kinds ?? {}).map(([name, kind]) => ({ name, kind, role: 'labelSource' }));
  if (kinds)
    await objects.putIfAbsent(`datasets/${model}/d1/model.resolved.json`, JSON.stringify({ columns }));
  const { version } = await registry.registerVersion({ ...trained, ...(kinds && { datasetVersion: 'd1' }) });
  await registry.approveAutomatically({ model, version: version.version, runId: 'run-1', why: 'passed' });

  const services = {
    objects,
    registry,
    notifier,
    clock,
    workflow: startsNothing as Services['workflow'],
    withScratchFolder: async <Result>(work: (folder: string) => Promise<Result>) =>
      work(await mkdtemp(path.join(folder, 'scratch-'))),
    dataEngine: { memoryLimitMb: 500, threads: 1 },
  };

  const keysUnder = async (prefix: string) => (await objects.list(prefix)).objects.map(({ key }) => key);
  const linesUnder = async (prefix: string): Promise<readonly LabelLine[]> => {
    const texts = [];
    for (const key of await keysUnder(prefix)) {
      const bytes = await objects.get(key);
      texts.push(key.endsWith('.gz') ? gunzipSync(bytes).toString() : new TextDecoder().decode(bytes));
    }
    return texts
      .join('')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  };
  /** A file is dropped, and its event comes. */
  const drop = async (name: string, content: string | Uint8Array) => {
    const { head } = await objects.putIfAbsent(`labels/${model}/${name}`, content);
    return receiveObject(head, services);
  };

  return {
    services,
    registry,
    clock,
    drop,
    promote: () => promotedInTurn(registry, 1),
    take: () => takeLabels(model, services),
    /** The id a prediction made now would have. */
    predictionId: () => ids.next(),
    taken: () => linesUnder('labelled/'),
    keysUnder,
    refused: async () =>
      (await linesUnder(`quarantine/${model}/labels/`))
        .map((line) => [line.row, String(Reflect.get(line, 'because'))] as const)
        .toSorted(([a], [b]) => a - b),
    messages: () =>
      notifier
        .inbox(100)
        .map(({ notification }) => notification)
        .filter(({ kind }) => kind === 'data-refused'),
  };
};
