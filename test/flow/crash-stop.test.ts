import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openLaptop } from '../../lib/laptop/open-laptop.ts';
import { temporaryFolder } from '../support/index.ts';
import {
  type DroppedHome,
  dropInto,
  endEveryChild,
  goOn,
  startChild,
  wholeRunOf,
} from './crash-support/index.ts';
import { eventually } from './support/eventually.ts';

const folder = temporaryFolder();

afterAll(async () => {
  await endEveryChild();
  folder.remove();
});

const newHome = (name: string, options?: DroppedHome): string => {
  const home = path.join(folder.path, name);
  dropInto(home, options);
  return home;
};

const start = (home: string, ...more: string[]) =>
  startChild('bin/millrace.ts', ['start', '--home', home, '--port', '0', ...more]);

/** Waits until the run of a home is in a state; looks at it as another command does. */
const untilState = async (home: string, state: string): Promise<void> => {
  const { workflow, close } = openLaptop({ home });
  try {
    await eventually(`the run to be in "${state}"`, async () =>
      (await workflow.list({ machine: 'train-and-promote' })).find(
        ({ currentState }) => currentState === state,
      ),
    );
  } finally {
    await close();
  }
};

/** Sends a signal; gives the exit code and how long it took, in milliseconds. */
const stopBy = async (signal: NodeJS.Signals, child: ReturnType<typeof start>) => {
  const sentAt = performance.now();
  child.kill(signal);
  const { code, stderr } = await child.ended;
  return { code, stderr, tookMs: performance.now() - sentAt };
};

const whole = {
  runs: [{ status: 'succeeded', modelVersion: 1 }],
  versions: [{ number: 1, stage: 'champion' }],
  reigns: [{ number: 1, via: 'promotion' }],
  decisions: ['approval-approved', 'approval-requested', 'promoted', 'spec-applied', 'version-registered'],
  isArtifactAsRegistered: true,
  parity: 'same',
  scratch: [],
};

describe('Ctrl-C', () => {
  test.for(['SIGINT', 'SIGTERM'] as const)(
    'or its like (%s) while a question waits ends the process well',
    async (signal) => {
      const home = newHome(`asked-${signal}`);
      const child = start(home);
      await child.said('waits for your decision');

      const { code, stderr, tookMs } = await stopBy(signal, child);
      await goOn(home);

      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(tookMs).toBeLessThan(2000);
      expect(await wholeRunOf(home)).toMatchObject(whole);
    },
  );

  test('in the midst of training waits for no training; the next start trains anew and goes on', async () => {
    const slow = { kind: 'boosted-trees', rounds: 1500, earlyStoppingRounds: 1500 };
    const home = newHome('training', { trainer: slow, rows: 20_000 });
    const child = start(home, '--yes');
    await child.said('Check, profile and split');
    await untilState(home, 'Train the model');

    const { code, stderr, tookMs } = await stopBy('SIGINT', child);
    const laptop = openLaptop({ home });
    const [run] = await laptop.registry.listRuns('lamps');
    await laptop.close();
    await goOn(home);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(tookMs).toBeLessThan(2000);
    expect(run?.status).toBe('running');
    expect(run?.artifactSha256).toBeUndefined();
    expect(await wholeRunOf(home)).toMatchObject(whole);
  });
});

describe('a home that is started twice', () => {
  test('tells the second start who is there, and lets the first go on', async () => {
    const home = newHome('twice');
    const first = start(home);
    await first.said('Ctrl-C stops');

    const second = await start(home).ended;

    expect(second.code).toBe(5);
    expect(second.stderr).toMatch(
      /process \d+ on \S+ runs the workflows of this home; stop the other process/,
    );
    await first.said('waits for your decision');
    expect((await stopBy('SIGINT', first)).code).toBe(0);
  });

  test('is free at once when the first was killed', async () => {
    const home = newHome('killed');
    const first = start(home);
    await first.said('Ctrl-C stops');
    await stopBy('SIGKILL', first);

    const second = start(home, '--yes');

    await second.said('is serving');
    expect((await stopBy('SIGINT', second)).code).toBe(0);
    expect(await wholeRunOf(home)).toMatchObject(whole);
  });
});
