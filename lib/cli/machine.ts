import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { sha256OfFile } from '../adapters/shared/sha256-of-file.ts';
import { productVersion } from '../laptop/code-version.ts';
import { MillraceError } from '../wire/errors.ts';
import { ask, onStage, openStageDesk, useRegion } from './machine-stage.ts';
import { openPage, writePage } from './pages.ts';
import type { Answers, Desk, Surroundings } from './surroundings.ts';

// What a command does not need is not loaded: `millrace status` must not wait for ONNX Runtime and DuckDB.

const requireHome = (home: string): void => {
  if (!existsSync(path.join(home, 'millrace.db')))
    throw new MillraceError('HOME_UNKNOWN', `there is no Millrace home at ${path.resolve(home)}`, { home });
};

const openHomeDesk = async (home: string, options: { readonly create?: boolean } = {}): Promise<Desk> => {
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
    alarms: async () => {
      const { sqliteAlarmBook } = await import('../adapters/local/sqlite-alarm-book.ts');
      return sqliteAlarmBook({ database, clock: systemClock });
    },
    approvalSecret: () => secret,
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

const withOwnPredictions = <Result>(home: string, work: (answers: Answers) => Promise<Result>) =>
  withLaptop(home, async (laptop) => {
    const [{ predictionService }, { openModel }, { plainAnswers }] = await Promise.all([
      import('../serving/predictions.ts'),
      import('../adapters/onnx-runtime/open-model.ts'),
      import('../domain/prediction/index.ts'),
    ]);
    const predictions = predictionService({ ...laptop, openModel, secret: laptop.home.secret });
    try {
      return await work({
        columnsOf: async (model) => (await predictions.describe(model)).signature.columns,
        ask: async (model, rows) => {
          const answer = await predictions.predict({ model, rows });
          const { version, signature, predictionIds } = answer;
          return { version, predictions: plainAnswers(answer.predictions, signature, predictionIds) };
        },
      });
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
  openDesk: (place, options) =>
    place.kind === 'home' ? openHomeDesk(place.home, options) : openStageDesk(place),
  decideApproval: async (place, decision) => {
    if (place.kind === 'home') return withLaptop(place.home, (laptop) => laptop.decideApproval(decision));
    const { run } = await import('../../lambdas/decide-approval/handler.ts');
    return onStage(place, (stage) => run(decision, stage));
  },
  collect: async (place, model) => {
    const { startCollecting } = await import('../../lambdas/collecting.ts');
    return place.kind === 'home'
      ? withLaptop(place.home, (laptop) => startCollecting(model, laptop))
      : onStage(place, (stage) => startCollecting(model, stage));
  },
  retrain: async (place, request) => {
    const { requestRetraining } = await import('./request-retraining.ts');
    return place.kind === 'home'
      ? withLaptop(place.home, (laptop) => requestRetraining(request, laptop))
      : onStage(place, async (stage) => {
          const { controllerOf } = await import('../cloud/controller.ts');
          return requestRetraining(request, controllerOf(stage));
        });
  },
  freezeGoldenSet: async (place, request) => {
    const { freezeGoldenSet } = await import('../../lambdas/freeze-golden-set.ts');
    if (place.kind === 'home') return withLaptop(place.home, (laptop) => freezeGoldenSet(request, laptop));
    const { stageServices } = await import('./stage-services.ts');
    return onStage(place, (stage) => freezeGoldenSet(request, stageServices(stage)));
  },
  withPredictions: (place, work) =>
    place.kind === 'home'
      ? withOwnPredictions(place.home, work)
      : onStage(place, async (stage) => {
          const { askEndpoint } = await import('../cloud/ask-endpoint.ts');
          return work(askEndpoint(stage, process.env));
        }),
  start,
  reproduce: async (place, runId) => {
    const { reproduceRun } = await import('../laptop/reproduce-run.ts');
    if (place.kind === 'home') return withLaptop(place.home, (laptop) => reproduceRun(laptop, runId));
    const { stageServices } = await import('./stage-services.ts');
    return onStage(place, (stage) => reproduceRun(stageServices(stage), runId));
  },
  examine: async (file, { place, model }) => {
    const { examineAlone, examineFor } = await import('./examine-file.ts');
    if (model === undefined) return examineAlone(file);
    if (place.kind === 'home') return withLaptop(place.home, (laptop) => examineFor(file, model, laptop));
    const { stageServices } = await import('./stage-services.ts');
    return onStage(place, (stage) => examineFor(file, model, stageServices(stage)));
  },
  profileFile: async (file, columns) => {
    const { profileFile } = await import('./profile-file.ts');
    return profileFile(file, columns);
  },
  writePage,
  openPage,
  openLeaving: async (place) => {
    const { openLeaving } = await import('../cloud/leaving/open-leaving.ts');
    useRegion(place);
    return openLeaving(place);
  },
  smoke: async (place, tell) => {
    const { smokeStage } = await import('../cloud/smoke/open-smoke.ts');
    return onStage(place, (stage) => smokeStage(stage, process.env, tell));
  },
  ask,
  productVersion: () => productVersion,
});
