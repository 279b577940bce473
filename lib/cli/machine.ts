import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { sha256OfFile } from '../adapters/shared/sha256-of-file.ts';
import { productVersion } from '../laptop/code-version.ts';
import { MillraceError } from '../wire/errors.ts';
import type { Desk, Surroundings } from './surroundings.ts';

// What a command does not need is not loaded: `millrace status` must not wait for ONNX Runtime and DuckDB.

const requireHome = (home: string): void => {
  if (!existsSync(path.join(home, 'millrace.db')))
    throw new MillraceError('HOME_UNKNOWN', `there is no Millrace home at ${path.resolve(home)}`, { home });
};

const openDesk: Surroundings['openDesk'] = async (home, options = {}): Promise<Desk> => {
  if (options.create !== true) requireHome(home);
  const [
    { openHome, readAddress },
    sqlite,
    { sqliteRecordStore },
    { folderObjectStore },
    { systemIds },
    { systemClock },
    { registry },
    { consoleNotifier },
  ] = await Promise.all([
    import('../laptop/home.ts'),
    import('../adapters/local/sqlite-database.ts'),
    import('../adapters/local/sqlite-record-store.ts'),
    import('../adapters/local/folder-object-store.ts'),
    import('../adapters/local/system-ids.ts'),
    import('../adapters/local/system-clock.ts'),
    import('../registry/index.ts'),
    import('../adapters/local/console-notifier.ts'),
  ]);
  const { folder, databaseFile, objectsFolder, secret } = openHome(home);
  const address = readAddress(folder);
  const database = sqlite.openSqliteDatabase({ filePath: databaseFile });
  const notifier = consoleNotifier({ database, write: () => undefined });
  return {
    registry: registry({
      records: sqliteRecordStore({ database }),
      clock: systemClock,
      ids: systemIds({ clock: systemClock }),
    }),
    objects: folderObjectStore({ root: objectsFolder }),
    inbox: (limit) => notifier.inbox(limit),
    ...(address !== undefined && { address }),
    approvalSecret: secret,
    close: () => database.close(),
  };
};

/** Everything, as the server has it, beside a running server or without one. */
const withLaptop = async <Result>(
  home: string,
  work: (laptop: import('../laptop/open-laptop.ts').Laptop) => Promise<Result>,
): Promise<Result> => {
  requireHome(home);
  const { openLaptop } = await import('../laptop/open-laptop.ts');
  const laptop = openLaptop({ home });
  try {
    return await work(laptop);
  } finally {
    await laptop.close();
  }
};

const withPredictions: Surroundings['withPredictions'] = (home, work) =>
  withLaptop(home, async (laptop) => {
    const [{ predictionService }, { openModel }] = await Promise.all([
      import('../serving/predictions.ts'),
      import('../adapters/onnx-runtime/open-model.ts'),
    ]);
    const predictions = predictionService({ ...laptop, openModel, secret: laptop.home.secret });
    try {
      return await work(predictions);
    } finally {
      await predictions.flush();
      predictions.close();
    }
  });

/** Runs until a signal stops it; a second one does not wait. */
const start: Surroundings['start'] = async (request) => {
  const asked = new Promise<void>((resolve) => {
    let isStopping = false;
    const onSignal = () => {
      if (isStopping) process.exit(130);
      isStopping = true;
      resolve();
    };
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  });
  const { startLaptop } = await import('../laptop/start-laptop.ts');
  const started = await startLaptop(request);
  await asked;
  await started.stop();
  // Every step stops by itself when asked. Should one hang all the same, the next start does it anew.
  setTimeout(() => process.exit(), 5000).unref();
};

/** This machine, as the commands see it. */
export const machine = (): Surroundings => ({
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  env: process.env,
  user: () => userInfo().username,
  now: () => Date.now(),
  readFile: (file) => readFile(file),
  hashFile: sha256OfFile,
  openDesk,
  decideApproval: (home, decision) => withLaptop(home, (laptop) => laptop.decideApproval(decision)),
  collect: (home, model) =>
    withLaptop(home, async (laptop) => {
      const { startCollecting } = await import('../../lambdas/collecting.ts');
      await startCollecting(model, laptop);
    }),
  withPredictions,
  start,
  reproduce: (home, runId) =>
    withLaptop(home, async (laptop) => {
      const { reproduceRun } = await import('../laptop/reproduce-run.ts');
      return reproduceRun(laptop, runId);
    }),
  examine: async (file, { home, model }) => {
    const { examineAlone, examineFor } = await import('./examine-file.ts');
    return model === undefined
      ? examineAlone(file)
      : withLaptop(home, (laptop) => examineFor(file, model, laptop));
  },
  productVersion: () => productVersion,
});
