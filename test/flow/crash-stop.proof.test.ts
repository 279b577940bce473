import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../lib/domain/random/index.ts';
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

/** The state that the run of a home is in, as another command sees it. */
const stateOf = async (home: string): Promise<string | undefined> => {
  const { workflow, close } = openLaptop({ home });
  try {
    return (await workflow.list({ machine: 'train-and-promote' }))[0]?.currentState;
  } finally {
    await close();
  }
};

/** Waits until the run of a home is in such a state. */
const untilState = (home: string, isIt: (state: string | undefined) => boolean): Promise<true> =>
  eventually('the run to be that far', async () => isIt(await stateOf(home)) || undefined);

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
});

const states: readonly (string | undefined)[] = [
  'Prepare the dataset',
  'Train the model',
  'Evaluate on held-out rows',
  'Ask a person',
];

describe('Ctrl-C in the midst of the flights', () => {
  // Native code is somewhere else at each of these: DuckDB preparing, loading, reading, ONNX Runtime making features,
  // a round of boosting, ONNX Runtime answering test rows. Each start goes on where the one before it was stopped.
  const random = seededRandom(20_010_104);
  const later = (ms: number): number => Math.round(ms + 100 * random.next());
  const moments: readonly (readonly [state: string, ms: number])[] = [
    ['Prepare the dataset', later(0)],
    ['Prepare the dataset', later(100)],
    ['Train the model', 0],
    ['Train the model', later(100)],
    ['Train the model', later(250)],
    ['Train the model', later(400)],
    ['Evaluate on held-out rows', later(0)],
    ['Evaluate on held-out rows', later(150)],
  ];

  test('ends every step well and soon, and the starts after it bring one run to its end', async () => {
    const home = path.join(folder.path, 'flights');
    const startFlights = (...more: string[]) => start(home, '--example', 'flight-delay', ...more);
    const stops = [];

    for (const [state, ms] of moments) {
      const child = startFlights();
      await child.said('Ctrl-C stops');
      await untilState(home, (current) => states.indexOf(current) >= states.indexOf(state));
      await new Promise((resolve) => setTimeout(resolve, ms));
      stops.push({ state, ms, ...(await stopBy('SIGINT', child)), stoppedIn: await stateOf(home) });
    }
    const last = startFlights('--yes');
    await last.said('is serving');
    stops.push({ state: 'serving', ms: 0, ...(await stopBy('SIGINT', last)), stoppedIn: undefined });

    const laptop = openLaptop({ home });
    const runs = await laptop.registry.listRuns('flight-delay');
    await laptop.close();
    const bad = stops.filter(({ code, stderr, tookMs }) => code !== 0 || stderr !== '' || tookMs >= 2500);
    expect(bad).toEqual([]);
    expect(stops.map(({ stoppedIn }) => stoppedIn)).toEqual(expect.arrayContaining(states.slice(0, 3)));
    expect(runs).toMatchObject([{ status: 'succeeded', modelVersion: 1 }]);
    expect(readdirSync(path.join(home, 'scratch'))).toEqual([]);
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
