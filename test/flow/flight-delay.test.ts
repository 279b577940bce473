import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Flight, flightsOfWeek } from '../../examples/flight-delay/weeks.ts';
import { evaluateBinary } from '../../lib/domain/evaluation/index.ts';
import { laptopForTests } from './support/index.ts';

const spec = readFileSync(join(import.meta.dirname, '../../examples/flight-delay/model.json'), 'utf8');

const toCsv = (flights: readonly Flight[]): string =>
  [
    'date,delay,distance,origin,destination',
    ...flights.map(({ date, delay, distance, origin, destination }) =>
      [date, delay, distance, origin, destination].join(','),
    ),
    '',
  ].join('\n');

test('the flight example beats guessing on a week it has never seen, from what is known before departure', async () => {
  const home = await laptopForTests();
  await home.drop('flight-delay/model.json', spec);
  for (const week of [1, 2, 3, 4])
    await home.drop(`flight-delay/week-${week}.csv`, toCsv(await flightsOfWeek(week, 20_000)));
  await home.drop('flight-delay/_SUCCESS', '');
  await home.approve('flight-delay');

  const flights = await flightsOfWeek(5, 4000);
  const rows = flights.map(({ delay: _, ...known }) => known);
  const { body } = await home.predict('flight-delay', { rows });

  const signature = await home.readJson('models/flight-delay/1/signature.json');
  const columns = signature.columns.map(({ name }: { readonly name: string }) => name);
  expect(columns.toSorted()).toEqual(['date', 'destination', 'distance', 'origin']);
  const probability = Float64Array.from(
    body.predictions,
    (prediction: { readonly probabilities: Readonly<Record<string, number>> }) =>
      prediction.probabilities.true ?? Number.NaN,
  );
  const isPositive = Uint8Array.from(flights, ({ delay }) => (delay > 15 ? 1 : 0));
  const { metrics } = evaluateBinary({ isPositive, probability, threshold: 0.5 });
  expect(metrics.auc).toBeGreaterThan(0.55);
});
