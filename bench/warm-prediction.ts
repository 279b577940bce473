import { Agent, request } from 'node:http';
import { flightsOfWeek } from '../examples/flight-delay/weeks.ts';
import { startLaptop } from '../lib/laptop/start-laptop.ts';
import { benchFolder, median, report } from './figure.ts';

const requests = 3000;
const { url, laptop, stop } = await startLaptop({
  home: benchFolder(),
  host: '127.0.0.1',
  port: 0,
  yes: true,
  example: 'flight-delay',
  screen: { write: () => {} },
});
while ((await laptop.registry.getRoute('flight-delay')).champion === undefined) await laptop.clock.sleep(100);

/** Rows rotate: one row again and again flatters trees. */
const bodies = (await flightsOfWeek(6, 1000)).map(({ delay: _, ...row }) => JSON.stringify(row));
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const send = (path: string, method: 'GET' | 'POST', body = ''): Promise<number> =>
  new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const call = request(
      `${url}${path}`,
      { method, agent, headers: { 'content-type': 'application/json' } },
      (response) => {
        response
          .resume()
          .on('end', () =>
            response.statusCode === 200
              ? resolve(performance.now() - startedAt)
              : reject(new Error(`status ${response.statusCode}`)),
          );
      },
    );
    call.on('error', reject).end(body);
  });

const predict: number[] = [];
const live: number[] = [];
for (let index = -200; index < requests; index += 1) {
  const took = await send('/models/flight-delay/predict', 'POST', bodies[(index + 200) % bodies.length]);
  const bare = await send('/v2/health/live', 'GET');
  if (index < 0) continue;
  predict.push(took);
  live.push(bare);
}
agent.destroy();
await stop();
const p99 = predict.toSorted((a, b) => a - b)[Math.floor(predict.length * 0.99)] ?? Number.NaN;
report([
  {
    what: 'warm prediction over HTTP, p50',
    measured: median(predict),
    beside: 'limit',
    besideValue: 2,
    unit: 'ms',
  },
  {
    what: 'warm prediction over HTTP, p50',
    measured: median(predict),
    beside: 'a bare health answer of the same server, p50',
    besideValue: median(live),
    unit: 'ms',
  },
  {
    what: 'warm prediction over HTTP, p99',
    measured: p99,
    beside: 'limit of the p50',
    besideValue: 2,
    unit: 'ms',
  },
]);
