import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLaptop } from '../../lib/laptop/open-laptop.ts';
import { temporaryFolder } from '../support/index.ts';
import {
  dropInto,
  endEveryChild,
  goOn,
  isOver,
  startCopying,
  type WholeRun,
  wholeRunOf,
} from './crash-support/index.ts';
import { eventually } from './support/eventually.ts';

const tasks = [
  'close-batch',
  'prepare-dataset',
  'plan-training',
  'train-model',
  'evaluate-model',
  'register-version',
  'request-approval',
  'check-parity',
  'shift-traffic',
  'finish-run',
];
const moments = tasks.flatMap((task) => ['started', 'finished'].map((phase) => ({ task, phase })));
/** Within steps: between the arrival of two files, the two halves of closing a batch, two objects of one version. */
const writes = [17, 71, 149, 190, 227, 270, 331];

const folder = temporaryFolder();
let undisturbed: WholeRun | undefined;

const placeOf = (name: string): string => path.join(folder.path, name);

// One run gives all: its home as it was at each moment, which is what a kill would have left there, and its good end.
beforeAll(async () => {
  const home = placeOf('undisturbed');
  dropInto(home);
  const child = startCopying(home, folder.path, writes);
  await child.said('up');
  const laptop = openLaptop({ home });
  await eventually('an undisturbed run', async () => (await isOver(laptop)) || undefined);
  await laptop.close();
  child.kill('SIGKILL');
  await child.ended;
  undisturbed = await wholeRunOf(home);
});

afterAll(async () => {
  await endEveryChild();
  folder.remove();
});

describe('a run whose process is killed', () => {
  test('is, where nothing is killed, one approved version with one promotion', () => {
    expect(undisturbed).toMatchObject({
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
  });

  test.concurrent.for(moments)(
    'when $task has $phase ends as if it had not been',
    async ({ task, phase }) => {
      await goOn(placeOf(`${task}-${phase}`));

      expect(await wholeRunOf(placeOf(`${task}-${phase}`))).toEqual(undisturbed);
    },
  );

  test.concurrent.for(writes)('before its write number %i loses and doubles nothing', async (write) => {
    await goOn(placeOf(`write-${write}`));

    expect(await wholeRunOf(placeOf(`write-${write}`))).toEqual(undisturbed);
  });
});
