import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as realTime } from 'node:timers/promises';
import type { SimulatedClock } from '../lib/adapters/local/simulated-clock.ts';
import { openModel } from '../lib/adapters/onnx-runtime/open-model.ts';
import { laptopApp } from '../lib/console/laptop-app.ts';
import { openLaptop } from '../lib/laptop/open-laptop.ts';
import { watchDropZone } from '../lib/laptop/watch-drop-zone.ts';
import { serveLocally } from '../lib/serving/node-server.ts';
import { predictionService } from '../lib/serving/predictions.ts';

export interface HouseOptions {
  readonly folder: string;
  readonly clock: SimulatedClock;
  readonly onFault: (fault: unknown) => void;
  /** Told what a step of a run does now. */
  readonly onProgress: (text: string) => void;
}

/** How often this process looks for what it waits for, in real time. */
const lookEveryMs = 25;
/** The drop zone is listed whole each time: the drill says when something was dropped. */
const dropZoneEveryMs = 2000;
const longestWaitMs = 300_000;

/** Looks until something is there; what takes longer than five minutes of real time will not come. */
export const eventually = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const until = performance.now() + longestWaitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > until) throw new Error(`waited five minutes for ${what}`);
    await realTime(lookEveryMs);
  }
};

/** A whole laptop as `npm start` brings it up, on a clock that the drill holds: workflow, drop zone, server. */
export const openHouse = async (options: HouseOptions) => {
  const { folder, clock, onFault, onProgress } = options;
  let url = '';
  const laptop = openLaptop({
    home: folder,
    clock,
    url: () => url,
    pollMs: lookEveryMs,
    onFault,
    onTask: ({ task, phase }) => phase === 'started' && onProgress(task.replaceAll('-', ' ')),
    onProgress: ({ phase, message = '' }) => onProgress(message === '' ? phase : `${phase}: ${message}`),
  });
  await laptop.workflow.run();
  const predictions = predictionService({ ...laptop, openModel, secret: laptop.home.secret });
  const app = laptopApp({
    predictions,
    newReference: () => laptop.ids.next(),
    log: ({ error }) => onFault(error),
    console: { ...laptop, approvalSecret: laptop.home.secret, inbox: laptop.notifier.inbox },
  });
  const server = await serveLocally({ app, host: '127.0.0.1', port: 0 });
  ({ url } = server);
  const dropZone = watchDropZone(laptop, { everyMs: dropZoneEveryMs, onFault });

  return {
    laptop,
    clock,
    url,
    flush: predictions.flush,
    lookAtDropZone: dropZone.lookNow,
    /** As `mv` does it: the whole file is there at once. */
    drop: async (key: string, content: string | { readonly filePath: string }): Promise<void> => {
      const place = path.join(laptop.home.objectsFolder, key);
      await mkdir(path.dirname(place), { recursive: true });
      await laptop.home.withScratchFolder(async (scratch) => {
        const draft = typeof content === 'string' ? path.join(scratch, 'draft') : content.filePath;
        if (typeof content === 'string') await writeFile(draft, content);
        await rename(draft, place);
      });
    },
    /** Asks over HTTP as any client would. */
    post: async <Answer>(address: string, body: unknown): Promise<Answer> => {
      const response = await fetch(`${url}${address}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`POST ${address} was answered ${response.status}: ${text}`);
      return JSON.parse(text);
    },
    close: async (): Promise<void> => {
      await dropZone.stop();
      await server.close();
      await laptop.workflow.shutdown();
      await predictions.flush();
      predictions.close();
      await laptop.close();
    },
  };
};
export type House = Awaited<ReturnType<typeof openHouse>>;
