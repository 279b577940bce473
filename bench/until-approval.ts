import { startLaptop } from '../lib/laptop/start-laptop.ts';
import { seconds } from './figure.ts';

type Drop = (
  put: (
    name: string,
    body: Parameters<Awaited<ReturnType<typeof startLaptop>>['laptop']['objects']['putIfAbsent']>[1],
  ) => Promise<unknown>,
) => Promise<void>;

/** Seconds from the drop until a person is asked, on a fresh home with a running server. */
export const secondsUntilApproval = async (home: string, model: string, drop: Drop): Promise<number> => {
  const { laptop, stop } = await startLaptop({
    home,
    host: '127.0.0.1',
    port: 0,
    yes: false,
    screen: { write: () => {} },
  });
  try {
    return await seconds(async () => {
      await drop((name, body) => laptop.objects.putIfAbsent(`incoming/${model}/${name}`, body));
      for (;;) {
        if ((await laptop.registry.listPendingApprovals()).length > 0) return;
        const [run] = await laptop.registry.listRuns(model, { limit: 1 });
        if (run !== undefined && run.status !== 'running') throw new Error(`the run ended: ${run.outcome}`);
        await laptop.clock.sleep(20);
      }
    });
  } finally {
    await stop();
  }
};
