import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { folderObjectStore } from '../../lib/adapters/local/folder-object-store.ts';
import { errorOf, failureOf } from '../../lib/adapters/training/thread-messages.ts';
import { openLaptop } from '../../lib/laptop/open-laptop.ts';
import { watchDropZone } from '../../lib/laptop/watch-drop-zone.ts';
import { temporaryFolder } from '../support/index.ts';
import { dropInto, endEveryChild, goOn, startChild, startHere, wholeRunOf } from './crash-support/index.ts';
import { smallDisk } from './crash-support/small-disk.ts';
import { eventually } from './support/eventually.ts';

const disk = smallDisk();
if ('because' in disk) console.info(`skips a real full disk: ${disk.because}`);
const folder = temporaryFolder();

afterAll(async () => {
  await endEveryChild();
  if ('remove' in disk) disk.remove();
  folder.remove();
});

const whole = {
  runs: [{ status: 'succeeded', modelVersion: 1 }],
  versions: [{ number: 1, stage: 'champion' }],
  reigns: [{ number: 1, via: 'promotion' }],
  openQuestions: 0,
  isArtifactAsRegistered: true,
  parity: 'same',
  areSourcesIntact: true,
  scratch: [],
  integrity: 'ok',
};

describe('a disk that is full', () => {
  test.skipIf('because' in disk).for(['prepare-dataset', 'train-model', 'register-version', 'shift-traffic'])(
    'from %s on is told of once, promotes nothing, and costs nothing but time',
    async (task) => {
      if ('because' in disk) return;
      const home = path.join(disk.path, task);
      dropInto(home);
      const screen: string[] = [];
      const complaints = () => screen.filter((line) => line.includes('no room left for the database'));
      let isFilled = false;

      const started = await startHere(home, {
        yes: true,
        screen: { write: (text) => screen.push(text) },
        onTask: (event) => {
          if (isFilled || event.task !== task || event.phase !== 'started') return;
          isFilled = true;
          disk.fill(8);
        },
      });
      await eventually('the server to say so', async () => complaints()[0]);
      // Long enough for the workflow to meet the full disk several times.
      await new Promise((resolve) => setTimeout(resolve, 700));
      const { registry } = started.laptop;
      const [[run], reigns] = await Promise.all([registry.listRuns('lamps'), registry.listReigns('lamps')]);
      disk.free();
      await started.stop();
      await goOn(home);

      expect(complaints()).toHaveLength(1);
      expect(complaints()[0]).toContain('free disk space');
      expect(run).toMatchObject({ status: 'running' });
      expect(reigns).toEqual([]);
      expect(await wholeRunOf(home)).toMatchObject(whole);
    },
  );

  test.skipIf('because' in disk)(
    'keeps nobody from stopping, nor from starting once there is room',
    async () => {
      if ('because' in disk) return;
      const home = path.join(disk.path, 'stopped');
      dropInto(home);
      const child = startChild('bin/millrace.ts', ['start', '--home', home, '--port', '0']);
      await child.said('waits for your decision');

      disk.fill(0);
      await child.said('no room left for the database');
      child.kill('SIGINT');
      const { code, stdout } = await child.ended;
      disk.free();
      await goOn(home);

      expect(code).toBe(0);
      expect(stdout).toContain('free disk space');
      expect(await wholeRunOf(home)).toMatchObject(whole);
    },
  );

  test.skipIf('because' in disk)('lets nobody start, and says why', async () => {
    if ('because' in disk) return;
    const home = path.join(disk.path, 'too-late');
    dropInto(home);
    await goOn(home);

    disk.fill(0);
    const { code, stderr } = await startChild('bin/millrace.ts', ['start', '--home', home, '--port', '0'])
      .ended;
    disk.free();

    expect(code).toBe(7);
    expect(stderr).toMatch(/^millrace: no room left for the database .*; free disk space/);
    expect(await wholeRunOf(home)).toMatchObject(whole);
  });

  test('within a training thread is called by its name', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

    expect(errorOf(failureOf(full))).toMatchObject({
      name: 'STORAGE_FULL',
      message: expect.stringContaining('free disk space'),
    });
  });

  test('for objects alone fails the run with STORAGE_FULL, and the same file dropped again succeeds', async () => {
    const home = path.join(folder.path, 'objects-full');
    dropInto(home);
    const full = () =>
      Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
    let isFull = false;
    const objects = folderObjectStore({
      root: path.join(home, 'objects'),
      writes: {
        copyFile: async (...values) => {
          const { copyFile } = await import('node:fs/promises');
          return isFull ? full() : copyFile(...values);
        },
      },
    });
    const laptop = openLaptop({
      home,
      objects,
      onTask: ({ task }) => {
        if (task === 'train-model') isFull = true;
      },
    });
    await laptop.workflow.run();
    const watch = watchDropZone(laptop, { everyMs: 50, onFault: () => undefined });

    const run = await eventually('the run to fail', async () =>
      (await laptop.registry.listRuns('lamps')).find(({ status }) => status !== 'running'),
    );
    const written = await laptop.objects.list(`runs/lamps/${run.runId}/`);
    await watch.stop();
    await laptop.workflow.shutdown();
    await laptop.close();

    expect(run).toMatchObject({ status: 'failed', errorCode: 'STORAGE_FULL' });
    expect(run.outcome).toContain('free disk space');
    expect(written.objects).toEqual([]);
    dropInto(home);
    const started = await startHere(home, { yes: true });
    await eventually('the second run to serve', async () =>
      (await started.laptop.registry.listRuns('lamps')).find(({ status }) => status === 'succeeded'),
    );
    await started.stop();
    expect(await wholeRunOf(home)).toMatchObject({
      runs: [{ status: 'succeeded', modelVersion: 1 }, { status: 'failed' }],
      reigns: [{ number: 1, via: 'promotion' }],
      integrity: 'ok',
    });
  });
});
