import { setTimeout as sleep } from 'node:timers/promises';
import { answerForgotten, run as decideApproval } from '../../lambdas/decide-approval/handler.ts';
import type { RunProgress, Services } from '../../lambdas/services.ts';
import { type ConsoleNotifier, consoleNotifier } from '../adapters/local/console-notifier.ts';
import { type FolderCaptureSink, folderCaptureSink } from '../adapters/local/folder-capture-sink.ts';
import { folderObjectStore } from '../adapters/local/folder-object-store.ts';
import { sqliteAlarmBook } from '../adapters/local/sqlite-alarm-book.ts';
import { openSqliteDatabase } from '../adapters/local/sqlite-database.ts';
import { sqliteMetricSink } from '../adapters/local/sqlite-metric-sink.ts';
import { sqliteRecordStore } from '../adapters/local/sqlite-record-store.ts';
import { type SqliteWorkflow, sqliteWorkflow } from '../adapters/local/state-machine/sqlite-workflow.ts';
import { systemClock } from '../adapters/local/system-clock.ts';
import { systemIds } from '../adapters/local/system-ids.ts';
import { workerTrainer } from '../adapters/local/worker-trainer.ts';
import { type Approval, type ApprovalDecision, signApprovalLink } from '../domain/approval/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Trainer } from '../ports/trainer.ts';
import { registry } from '../registry/index.ts';
import { readCodeVersion } from './code-version.ts';
import { type Home, openHome } from './home.ts';
import { readMachines } from './machines.ts';
import { performTask, type TaskEvent } from './perform-task.ts';

export interface LaptopOptions {
  /** The folder everything is kept in; made when it is not there. */
  readonly home: string;
  /** Where the server answers, for links in messages; asked when a link is made. @default - the usual address */
  readonly url?: () => string;
  /** @default - nothing is shown; messages stay in the inbox */
  readonly write?: (text: string) => void;
  readonly onTask?: (event: TaskEvent) => void;
  readonly onProgress?: (progress: RunProgress) => void;
  /** Told when the workflow itself cannot go on, on a full disk for instance; it tries again. @default - a process warning */
  readonly onFault?: (fault: unknown) => void;
  /** @default - the machine's clock */
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly trainer?: Trainer;
  /** How often the workflow looks for what other processes wrote. @default 200 */
  readonly pollMs?: number;
  /** @default - the folder `objects` of the home */
  readonly objects?: ObjectStore;
}

/** The house with its local adapters: every port answered by a folder, a SQLite file or this process. */
export interface Laptop extends Services {
  readonly home: Home;
  readonly workflow: SqliteWorkflow;
  readonly notifier: ConsoleNotifier;
  readonly capture: FolderCaptureSink;
  /** Records a person's decision and tells the waiting run. */
  readonly decideApproval: (decision: ApprovalDecision) => Promise<Approval>;
  /** Tells runs of decisions that were recorded just before a crash. */
  readonly answerForgotten: () => Promise<number>;
  /** Closes what this process holds open, once the tasks under way have ended; does not stop the workflow: `workflow.shutdown()` comes first. */
  readonly close: () => Promise<void>;
}

/** An interrupted task stops within a second; none may keep a laptop from closing for longer than this. */
const longestEndingMs = 4000;

/** Knows which tasks run, so that nothing they write to is closed before they have ended. */
const worksUnderWay = () => {
  const works = new Set<Promise<unknown>>();
  return {
    add: <Result>(work: Promise<Result>): Promise<Result> => {
      const over = work.catch(() => undefined).finally(() => works.delete(over));
      works.add(over);
      return work;
    },
    over: async (): Promise<void> => {
      const patience = new AbortController();
      await Promise.race([
        Promise.all(works),
        sleep(longestEndingMs, undefined, { signal: patience.signal }).catch(() => undefined),
      ]);
      patience.abort();
    },
  };
};

/** Opens a home beside whatever else has it open: the running server, other commands. Starts nothing. */
export const openLaptop = (options: LaptopOptions): Laptop => {
  const {
    url = () => 'http://127.0.0.1:8080',
    write = () => {},
    onTask = () => {},
    onProgress = () => {},
  } = options;
  const { clock = systemClock } = options;
  const ids = options.ids ?? systemIds({ clock });
  const home = openHome(options.home);
  const database = openSqliteDatabase({ filePath: home.databaseFile });
  const objects = options.objects ?? folderObjectStore({ root: home.objectsFolder });
  const capture = folderCaptureSink({ objects, ids });
  const notifier = consoleNotifier({ database, clock, write });
  const underWay = worksUnderWay();
  const workflow = sqliteWorkflow({
    database,
    clock,
    ids,
    machines: readMachines(),
    invoke: (request, task) => {
      const work = performTask(laptop, onTask)(request, task);
      return underWay.add(work);
    },
    ...(options.pollMs !== undefined && { pollMs: options.pollMs }),
    ...(options.onFault && { onFault: options.onFault }),
  });
  const laptop: Laptop = {
    home,
    objects,
    registry: registry({ records: sqliteRecordStore({ database }), clock, ids }),
    workflow,
    notifier,
    metrics: sqliteMetricSink({ database }),
    alarms: sqliteAlarmBook({ database, clock }),
    capture,
    trainer: options.trainer ?? workerTrainer(),
    clock,
    ids,
    withScratchFolder: home.withScratchFolder,
    codeVersion: readCodeVersion(),
    dataEngine: { memoryLimitMb: 1000, threads: 2 },
    approvalUrl: ({ approvalId, expiresAt }) => {
      const { expires, signature } = signApprovalLink({ approvalId, expiresAt, secret: home.secret });
      return `${url()}/approvals/${approvalId}?expires=${expires}&signature=${signature}`;
    },
    onProgress,
    decideApproval: (decision) => decideApproval(decision, laptop),
    answerForgotten: () => answerForgotten(laptop),
    close: async () => {
      await underWay.over();
      await capture.close();
      database.close();
    },
  };
  return laptop;
};
