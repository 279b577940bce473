import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TaskEvent } from '../../lib/laptop/perform-task.ts';
import { temporaryFolder } from '../support/index.ts';
import {
  crashAt,
  dropInto,
  endEveryChild,
  goOn,
  isOver,
  startHere,
  type WholeRun,
  wholeRunOf,
} from './crash-support/index.ts';
import { eventually } from './support/eventually.ts';

const tasks = [
  'close-batch',
  'prepare-dataset',
  'train-model',
  'evaluate-model',
  'register-version',
  'request-approval',
  'check-parity',
  'shift-traffic',
  'finish-run',
];
const moments = tasks.flatMap((task) => ['started', 'finished'].map((phase) => ({ task, phase })));

const folder = temporaryFolder();
const undisturbed: { facts: WholeRun | undefined; events: TaskEvent[] } = {
  facts: undefined,
  events: [],
};

const newHome = (name: string): string => {
  const home = path.join(folder.path, name);
  dropInto(home);
  return home;
};

beforeAll(async () => {
  const home = newHome('undisturbed');
  const started = await startHere(home, { yes: true, onTask: (event) => undisturbed.events.push(event) });
  await eventually('an undisturbed run', async () => (await isOver(started.laptop)) || undefined);
  await started.stop();
  undisturbed.facts = await wholeRunOf(home);
});

afterAll(async () => {
  await endEveryChild();
  folder.remove();
});

describe('a run whose process is killed', () => {
  test('is, where nothing is killed, one approved version with one promotion', () => {
    expect(undisturbed.facts).toMatchObject({
      runs: [{ status: 'succeeded', modelVersion: 1 }],
      versions: [{ number: 1, stage: 'champion' }],
      reigns: [{ number: 1, via: 'promotion' }],
      champion: 1,
      isTriedOut: false,
      decisions: [
        'approval-approved',
        'approval-requested',
        'promoted',
        'spec-applied',
        'version-registered',
      ],
      messages: ['approval-requested', 'rolled-out'],
      openQuestions: 0,
      isArtifactAsRegistered: true,
      areRowsComplete: true,
      parity: 'same',
      areSourcesIntact: true,
      sourceCount: 1,
      executions: ['train-and-promote SUCCEEDED', 'roll-out SUCCEEDED'],
      scratch: [],
      integrity: 'ok',
    });
    expect(new Set(undisturbed.events.map(({ task }) => task))).toEqual(new Set(tasks));
  });

  test.concurrent.for(moments)(
    'when $task has $phase ends as if it had not been',
    async ({ task, phase }) => {
      const home = newHome(`${task}-${phase}`);

      expect(await crashAt(home, task, phase)).toBe(true);
      await goOn(home);

      expect(await wholeRunOf(home)).toEqual(undisturbed.facts);
    },
  );
});
