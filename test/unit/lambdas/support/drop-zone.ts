import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { step as closeBatch } from '../../../../lambdas/close-batch/handler.ts';
import { step as receiveObject } from '../../../../lambdas/receive-object/object-created.ts';
import type { Notification } from '../../../../lib/ports/notifier.ts';
import type { RecordStore } from '../../../../lib/ports/record-store.ts';
import type { Workflow } from '../../../../lib/ports/workflow.ts';
import { registry as registryOver } from '../../../../lib/registry/index.ts';
import { runStep } from '../../../../lib/wire/house.ts';
import type { JsonValue } from '../../../../lib/wire/json.ts';
import { localStores } from '../../../support/index.ts';

interface Started {
  readonly machine: string;
  readonly name: string;
  readonly input: JsonValue;
  isRunning: boolean;
}

/** Executions by name, which the test itself carries through; it throws when asked for anything else. */
const workflowByHand = () => {
  const executions = new Map<string, Started>();
  const refuse = () => Promise.reject(new Error('nobody told this workflow of that'));
  const workflow: Workflow = {
    start: async ({ machine, name, input }) => {
      const executionId = `${machine}:${name}`;
      if (executions.has(executionId)) return { executionId, started: false };
      executions.set(executionId, { machine, name, input, isRunning: true });
      return { executionId, started: true };
    },
    describe: async (executionId) => {
      const { machine, name, input, isRunning } = executions.get(executionId) as Started;
      const status = isRunning ? 'RUNNING' : 'SUCCEEDED';
      return { executionId, machine, name, input, status, startedAt: '' };
    },
    list: refuse,
    stop: refuse,
    completeTask: refuse,
    failTask: refuse,
  };
  const of = (machine: string) => [...executions.values()].filter((one) => one.machine === machine);
  return { workflow, of };
};

/** A drop zone whose events the test delivers, and whose collections it carries through, over the local stores. */
export const dropZone = (
  options: {
    readonly recordsOver?: (records: RecordStore, stores: ReturnType<typeof localStores>) => RecordStore;
    readonly listsLagMs?: number;
  } = {},
) => {
  const stores = localStores();
  onTestFinished(() => stores.remove());
  const { clock, ids, objects } = stores;
  const { workflow, of } = workflowByHand();
  const told: Notification[] = [];
  let scratch = 0;
  const withRecords = (records: RecordStore) => ({
    objects,
    clock,
    workflow,
    registry: registryOver({ records, clock, ids }),
    notifier: { notify: async (one: Notification) => void told.push(one) },
    withScratchFolder: async <Result>(work: (folder: string) => Promise<Result>): Promise<Result> => {
      const folder = path.join(stores.path, `scratch-${++scratch}`);
      mkdirSync(folder);
      return work(folder);
    },
    ...(options.listsLagMs !== undefined && { listsLagMs: options.listsLagMs }),
  });
  const records = options.recordsOver?.(stores.records, stores) ?? stores.records;
  const services = withRecords(records);
  const fileOf = (key: string) => path.join(stores.path, 'objects', key);

  const event = (key: string) => ({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: {
      version: '0',
      bucket: { name: 'data' },
      object: { key, size: 1, etag: 'what it was when the event was made' },
    },
  });
  const tell = (key: string, over = services) => runStep(receiveObject, event(key), over);
  const put = (key: string, content: string) => {
    mkdirSync(path.dirname(fileOf(key)), { recursive: true });
    writeFileSync(fileOf(key), content);
  };
  const spec = (changes: object = {}) =>
    JSON.stringify({ name: 'penguins', task: 'multiclass', target: 'species', ...changes });

  /** Carries every collection on, as the state machine does, until all are over. */
  const collect = async (more: { readonly signal?: () => AbortSignal } = {}): Promise<void> => {
    for (const execution of of('collect-batch')) {
      for (let turn = 0; execution.isRunning; turn += 1) {
        if (turn > 100) throw new Error(`${execution.name} waits for ever`);
        const signal = more.signal?.();
        const closed = await runStep(closeBatch, execution.input, { ...services, ...(signal && { signal }) });
        if (closed.status === 'waiting') await clock.sleep(closed.waitSeconds * 1000);
        else execution.isRunning = false;
      }
    }
    if (of('collect-batch').some(({ isRunning }) => isRunning)) await collect(more);
  };
  const batches = async () =>
    (await services.registry.listBatches('penguins')).map(({ arrivals }) =>
      arrivals.map(({ key }) => path.basename(key)).toSorted(),
    );

  return {
    ...stores,
    services,
    withRecords,
    told,
    tell,
    put,
    remove: (key: string) => rmSync(fileOf(key)),
    describeModel: async (changes?: object) => {
      put('incoming/penguins/model.json', spec(changes));
      await tell('incoming/penguins/model.json');
    },
    collect,
    batches,
    collections: () => of('collect-batch').map(({ name }) => name),
    runs: () => of('train-and-promote').map(({ name }) => name),
  };
};
