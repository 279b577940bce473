import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run as checkParity } from '../../../lambdas/check-parity/handler.ts';
import { openSqliteDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { machineNames } from '../../../lib/laptop/machines.ts';
import { type Laptop, openLaptop } from '../../../lib/laptop/open-laptop.ts';
import type { TaskEvent } from '../../../lib/laptop/perform-task.ts';
import { type StartedLaptop, startLaptop } from '../../../lib/laptop/start-laptop.ts';
import type { Screen } from '../../../lib/laptop/terminal.ts';
import { eventually } from '../support/eventually.ts';

const silent: Screen = { write: () => true };

/** Brings the loop of a home up in this process. */
export const startHere = (
  home: string,
  options: {
    readonly yes: boolean;
    readonly screen?: Screen;
    readonly onTask?: (event: TaskEvent) => void;
  },
): Promise<StartedLaptop> =>
  startLaptop({ home, host: '127.0.0.1', port: 0, lookEveryMs: 20, screen: silent, ...options });

/** A collection may sit out its quiet period after the mark of its batch has closed the batch: nobody waits for it. */
const awaitedMachines = machineNames.filter((machine) => machine !== 'collect-batch');

/** Whether the loop has nothing left to do: no file waits, a run was recorded and ended, and nothing of it is executing. */
export const isOver = async ({ registry, workflow }: Laptop): Promise<boolean> => {
  const [newest] = await registry.listRuns('lamps');
  if (newest === undefined || newest.status === 'running') return false;
  if ((await registry.pendingArrivals('lamps')).length > 0) return false;
  const running = await Promise.all(
    awaitedMachines.map((machine) => workflow.list({ machine, status: 'RUNNING' })),
  );
  return running.flat().length === 0;
};

/** Starts a home once more and lets its loop come to an end. */
export const goOn = async (home: string): Promise<void> => {
  const started = await startHere(home, { yes: true });
  try {
    await eventually('the loop to come to an end', async () => (await isOver(started.laptop)) || undefined);
  } finally {
    await started.stop();
  }
};

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const keysUnder = async ({ objects }: Laptop, prefix: string): Promise<readonly string[]> =>
  (await objects.list(prefix)).objects.map(({ key }) => key);

const readIntegrity = (home: string): unknown => {
  const database = openSqliteDatabase({ filePath: path.join(home, 'millrace.db') });
  try {
    return database.prepare('PRAGMA integrity_check').get()?.integrity_check;
  } finally {
    database.close();
  }
};

const factsOf = async (laptop: Laptop) => {
  const { registry, objects, workflow, home } = laptop;
  const [runs, versions, reigns, route, audit, pending, unanswered] = await Promise.all([
    registry.listRuns('lamps'),
    registry.listVersions('lamps'),
    registry.listReigns('lamps'),
    registry.getRoute('lamps'),
    registry.listAudit({ model: 'lamps' }),
    registry.listPendingApprovals(),
    registry.listUnansweredApprovals(),
  ]);
  const [version] = versions;
  const artifact = version && (await objects.get(version.artifactKey));
  const parity = version && (await checkParity({ model: 'lamps', version: 1, runId: version.runId }, laptop));
  const sources = await keysUnder(laptop, 'sources/lamps/');
  const executions = await Promise.all(awaitedMachines.map((machine) => workflow.list({ machine })));
  const dataset = await registry.findDataset('lamps', runs[0]?.datasetVersion ?? '');
  return {
    runs: runs.map(({ status, modelVersion, errorCode, outcome }) => ({
      status,
      modelVersion,
      errorCode,
      outcome,
    })),
    versions: versions.map(({ version: number, stage }) => ({ number, stage })),
    reigns: reigns.map(({ version: number, via }) => ({ number, via })),
    champion: route.champion,
    isTriedOut: route.canary !== undefined || route.shadow !== undefined,
    decisions: audit.map(({ action }) => action).toSorted(),
    messages: laptop.notifier
      .inbox(100)
      .map(({ notification }) => notification.kind)
      .toSorted(),
    openQuestions: pending.length + unanswered.length,
    isArtifactAsRegistered:
      artifact !== undefined &&
      sha256Of(artifact) === version?.artifactSha256 &&
      version.artifactSha256 === runs[0]?.artifactSha256,
    artifactSha256: version?.artifactSha256,
    datasetVersion: runs[0]?.datasetVersion,
    areRowsComplete: dataset && dataset.rows.kept + dataset.rows.quarantined === dataset.rows.read,
    parity: parity?.verdict,
    areSourcesIntact: (
      await Promise.all(sources.map(async (key) => key.includes(sha256Of(await objects.get(key)))))
    ).every(Boolean),
    sourceCount: sources.length,
    executions: executions.flat().map(({ machine, status }) => `${machine} ${status}`),
    scratch: readdirSync(path.join(home.folder, 'scratch')),
    integrity: readIntegrity(home.folder),
  };
};

export type WholeRun = Awaited<ReturnType<typeof factsOf>>;

/** Everything a person could hold against a home after one run, as plain data: two homes that went well give the same. */
export const wholeRunOf = async (home: string): Promise<WholeRun> => {
  const laptop = openLaptop({ home });
  try {
    return await factsOf(laptop);
  } finally {
    await laptop.close();
  }
};
