import { copyFile, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { run as receiveObject } from '../../../lambdas/receive-object/handler.ts';
import { openModel } from '../../../lib/adapters/onnx-runtime/open-model.ts';
import { laptopApp } from '../../../lib/console/laptop-app.ts';
import type { Approval } from '../../../lib/domain/approval/index.ts';
import type { Run } from '../../../lib/domain/registry/index.ts';
import { type Laptop, openLaptop } from '../../../lib/laptop/open-laptop.ts';
import { watchDropZone } from '../../../lib/laptop/watch-drop-zone.ts';
import type { Clock } from '../../../lib/ports/clock.ts';
import { predictionService } from '../../../lib/serving/predictions.ts';
import { temporaryFolder } from '../../support/index.ts';
import { eventually } from './eventually.ts';

export interface TestLaptopOptions {
  /** @default - the machine's clock */
  readonly clock?: Clock;
  /** The functions of the state machines, as they start. */
  readonly onTask?: (task: string) => void;
  /** `false`: nothing looks at the drop zone; the test tells of what was dropped. @default true */
  readonly isWatching?: boolean;
}

/** A laptop in a home of its own, its loop running in this process; stopped and removed when the test ends. */
export const laptopForTests = async (options: TestLaptopOptions = {}) => {
  const { clock, onTask = () => {}, isWatching = true } = options;
  const folder = temporaryFolder();
  const open = (more: Pick<Parameters<typeof openLaptop>[0], 'onTask'> = {}): Laptop =>
    openLaptop({ home: folder.path, pollMs: 20, ...(clock && { clock }), ...more });
  const laptop = open({ onTask: ({ task, phase }) => phase === 'started' && onTask(task) });
  await laptop.workflow.run();
  const faults: unknown[] = [];
  const watch = isWatching
    ? watchDropZone(laptop, { everyMs: 20, onFault: (fault) => faults.push(fault) })
    : undefined;
  let draw = 0.5;
  let servingAheadMs = 0;
  const predictions = predictionService({
    ...laptop,
    openModel,
    clock: { now: () => laptop.clock.now() + servingAheadMs },
    secret: laptop.home.secret,
    draw: () => draw,
  });
  const app = laptopApp({
    predictions,
    newReference: () => laptop.ids.next(),
    log: ({ error }) => faults.push(error),
    console: { ...laptop, approvalSecret: laptop.home.secret, inbox: laptop.notifier.inbox },
  });

  const placeOf = (key: string) => path.join(laptop.home.objectsFolder, key);
  /** As `mv` does it: the file is there as a whole or not at all, and takes the place of one of the same name. */
  const drop = async (key: string, content: string | Uint8Array | { readonly filePath: string }) => {
    const incoming = `incoming/${key}`;
    await mkdir(path.dirname(placeOf(incoming)), { recursive: true });
    const draft = path.join(folder.path, `draft-${laptop.ids.next()}`);
    await (typeof content === 'object' && 'filePath' in content
      ? copyFile(content.filePath, draft)
      : writeFile(draft, content));
    await rename(draft, placeOf(incoming));
    return incoming;
  };
  /** Tells of an object as an event does. */
  const tell = async (key: string) => {
    const head = await laptop.objects.head(key);
    if (head === undefined) throw new Error(`nothing was dropped at ${key}`);
    return receiveObject(head, laptop);
  };
  const runsOf = (model: string) => laptop.registry.listRuns(model);
  /** The newest run, once there are `count` of them and it has ended. */
  const endOfRun = (model: string, count = 1): Promise<Run> =>
    eventually(`run ${count} of ${model} to end`, async () => {
      const runs = await runsOf(model);
      const [newest] = runs;
      return runs.length >= count && newest?.status !== 'running' ? newest : undefined;
    });
  /** What the newest run asks, once there are `count` of them. */
  const question = (model: string, count = 1): Promise<Approval> =>
    eventually(`run ${count} of ${model} to ask`, async () => {
      const runs = await runsOf(model);
      const [newest] = runs;
      if (newest === undefined || runs.length < count) return undefined;
      if (newest.status !== 'running')
        throw new Error(`the run ended without a question: ${newest.status}, ${newest.outcome}`);
      const pending = await laptop.registry.listPendingApprovals({ model });
      return pending.find(({ runId }) => runId === newest.runId);
    });
  const say = async (model: string, decision: 'approved' | 'rejected', count: number | undefined) => {
    const { approvalId, runId } = await question(model, count);
    await laptop.decideApproval({ approvalId, decision, by: 'Ada', reason: `${decision} in a test` });
    return eventually(`run ${runId} to end`, async () => {
      const run = await laptop.registry.getRun(runId);
      return run.status === 'running' ? undefined : run;
    });
  };
  const post = async (address: string, body: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const response = await app.request(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    // Test code reads the answers as the loose JSON they are.
    // biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
    return { status: response.status, body: (await response.json()) as any };
  };
  /** Every key under a prefix. */
  const keysUnder = async (prefix: string): Promise<readonly string[]> =>
    (await laptop.objects.list(prefix)).objects.map(({ key }) => key);
  const readJson = async (key: string) => JSON.parse(new TextDecoder().decode(await laptop.objects.get(key)));

  onTestFinished(async () => {
    await watch?.stop();
    await laptop.workflow.shutdown();
    await predictions.flush();
    predictions.close();
    await laptop.close();
    folder.remove();
  });
  return {
    laptop,
    predictions,
    app,
    faults,
    open,
    placeOf,
    drop,
    tell,
    endOfRun,
    runsOf,
    question,
    approve: (model: string, count?: number) => say(model, 'approved', count),
    reject: (model: string, count?: number) => say(model, 'rejected', count),
    post,
    predict: (model: string, rows: unknown, headers?: Readonly<Record<string, string>>) =>
      post(`/models/${model}/predict`, rows, headers),
    /** The next requests without a routing key draw this number. */
    drawNext: (next: number) => {
      draw = next;
    },
    /** Lets this much time pass for the server alone: pointers are read again after five seconds. */
    passServingTime: (milliseconds: number) => {
      servingAheadMs += milliseconds;
    },
    keysUnder,
    readJson,
    messages: (model: string) =>
      laptop.notifier
        .inbox(100)
        .map(({ notification }) => notification)
        .filter((notification) => notification.model === model),
    actions: async (model: string) =>
      (await laptop.registry.listAudit({ model })).map(({ action }) => action).reverse(),
  };
};
export type TestLaptop = Awaited<ReturnType<typeof laptopForTests>>;
