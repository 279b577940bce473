import { systemClock } from '../adapters/local/system-clock.ts';
import { openModel } from '../adapters/onnx-runtime/open-model.ts';
import { laptopApp } from '../console/laptop-app.ts';
import { type LocalServer, serveLocally } from '../serving/node-server.ts';
import { type PredictionService, predictionService } from '../serving/predictions.ts';
import { approveByItself } from './approve-by-itself.ts';
import { productVersion } from './code-version.ts';
import { endForgottenRuns } from './end-forgotten-runs.ts';
import { rememberAddress, sweepScratch } from './home.ts';
import { type Laptop, openLaptop } from './open-laptop.ts';
import type { TaskEvent } from './perform-task.ts';
import { loadExample, tellExample } from './tell-example.ts';
import { faultTeller } from './tell-faults.ts';
import { type Screen, terminal } from './terminal.ts';
import { watchAndDecide } from './watch-and-decide.ts';
import { watchDropZone } from './watch-drop-zone.ts';

export interface StartOptions {
  readonly home: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Approve whatever passes its gates. */
  readonly yes: boolean;
  readonly example?: string;
  /** @default process.stdout */
  readonly screen?: Screen;
  /** How often to look for what is new in the drop zone, among the questions (`yes`) and in the workflow. @default 500, 200, 200 */
  readonly lookEveryMs?: number;
  /** Told of every task, beside the screen. */
  readonly onTask?: (event: TaskEvent) => void;
}

export interface StartedLaptop {
  readonly url: string;
  readonly laptop: Laptop;
  /** Stops cleanly; what is under way goes on at the next start. */
  readonly stop: () => Promise<void>;
}

/** Windows last hours: a look a minute finds them soon enough, and costs a few queries. */
const monitorEveryMs = 60_000;

const predictionsOf = (laptop: Laptop): PredictionService =>
  predictionService({ ...laptop, openModel, secret: laptop.home.secret });

const serve = (
  laptop: Laptop,
  predictions: PredictionService,
  options: Pick<StartOptions, 'host' | 'port'> & { readonly say: (text: string) => void },
): Promise<LocalServer> => {
  const { host, port, say } = options;
  const app = laptopApp({
    predictions,
    host,
    productVersion,
    newReference: () => laptop.ids.next(),
    log: ({ reference, error }) =>
      say(
        `  ✗ request ${reference}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      ),
    console: {
      ...laptop,
      approvalSecret: laptop.home.secret,
      inbox: (limit) => laptop.notifier.inbox(limit),
    },
  });
  return serveLocally({ app, host, port });
};

/** Brings the whole loop up in this process: workflow, drop zone, server. Throws WORKFLOW_BUSY, PORT_UNAVAILABLE. */
export const startLaptop = async (options: StartOptions): Promise<StartedLaptop> => {
  const { host, port, yes, lookEveryMs, screen = process.stdout } = options;
  const show = terminal(screen);
  const example = options.example === undefined ? undefined : await loadExample(options.example);
  const onFault = faultTeller(show.line, systemClock);
  const stopping = new AbortController();
  let monitor: ReturnType<typeof watchAndDecide> | undefined;
  // Port 0 becomes a real one when the server listens.
  let url = `http://${host}:${port}`;
  const laptop = openLaptop({
    home: options.home,
    ...(lookEveryMs !== undefined && { pollMs: lookEveryMs }),
    url: () => url,
    write: show.line,
    onTask: (event) => {
      // What stopping interrupts has not failed: the next start does it anew.
      if (!stopping.signal.aborted) show.onTask(event);
      if (event.task === 'finish-run' && event.phase === 'finished') monitor?.wake();
      options.onTask?.(event);
    },
    onProgress: show.onProgress,
    onFault,
  });
  await sweepScratch(laptop.home);
  await laptop.workflow.run().catch(async (error: unknown) => {
    await laptop.close();
    throw error;
  });
  const predictions = predictionsOf(laptop);
  const server = await serve(laptop, predictions, { ...options, say: show.line }).catch(
    async (error: unknown) => {
      await laptop.workflow.shutdown();
      await laptop.close();
      throw error;
    },
  );
  ({ url } = server);
  rememberAddress(laptop.home.folder, url);
  await laptop.answerForgotten();
  await endForgottenRuns(laptop);
  monitor = watchAndDecide(laptop, { everyMs: monitorEveryMs, onFault });
  const dropZone = watchDropZone(laptop, { everyMs: lookEveryMs ?? 500, onFault });
  show.line(
    `Millrace ${productVersion} · ${server.url} · drop files under ${laptop.home.objectsFolder}/incoming/<model>/ · Ctrl-C stops`,
  );

  const unlessStopping = (work: Promise<void>) =>
    work.catch((error: unknown) => stopping.signal.aborted || onFault(error));
  const background = [
    ...(yes
      ? [
          unlessStopping(
            approveByItself(laptop, { signal: stopping.signal, everyMs: lookEveryMs ?? 200, onFault }),
          ),
        ]
      : []),
    ...(example
      ? [
          unlessStopping(
            tellExample(example, { laptop, url: server.url, say: show.line, signal: stopping.signal }),
          ),
        ]
      : []),
  ];
  return {
    url: server.url,
    laptop,
    stop: async () => {
      stopping.abort(new Error('the laptop is being stopped'));
      await Promise.all([dropZone.stop(), monitor?.stop()]);
      await server.close();
      // On a full disk the lease cannot be given up and captures are lost: neither may keep the rest from closing.
      await laptop.workflow.shutdown().catch(onFault);
      await Promise.all(background);
      await predictions.flush().catch(onFault);
      predictions.close();
      await laptop.close();
      show.line('Stopped. The next start goes on where this one stood.');
    },
  };
};
