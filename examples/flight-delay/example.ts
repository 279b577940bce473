import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { evaluateBinary } from '../../lib/domain/evaluation/index.ts';
import type { Example, ExampleContext } from '../../lib/laptop/example.ts';
import { type Flight, flightsOfWeek, writeWeek } from './weeks.ts';

const model = 'flight-delay';
const firstWeeks = [1, 2, 3, 4];
const unseenWeek = 5;
const unseenFlights = 5000;
const flightsPerRequest = 500;

const keyOf = (week: number): string => `incoming/${model}/2001-week-0${week}.parquet`;

/** Drops model.json and the first weeks, or what an earlier start that was stopped has left to drop. */
const drop = async ({ laptop, say, signal }: ExampleContext): Promise<void> => {
  if ((await laptop.objects.head(keyOf(Math.max(...firstWeeks)))) !== undefined) return;
  say(
    `The story: will a flight be more than 15 minutes late? Dropping weeks ${firstWeeks.join(', ')} of 2001 …`,
  );
  await laptop.objects.putIfAbsent(
    `incoming/${model}/model.json`,
    await readFile(path.join(import.meta.dirname, 'model.json')),
  );
  for (const week of firstWeeks)
    await laptop.withScratchFolder(async (folder) => {
      if (signal.aborted) return;
      const filePath = path.join(folder, 'week.parquet');
      await writeWeek(week, filePath);
      await laptop.objects.putIfAbsent(keyOf(week), { filePath });
    });
};

const clientRow = ({ date, distance, origin, destination }: Flight) => ({
  date,
  distance,
  origin,
  destination,
});

/** The probability of being late for each flight, asked over HTTP as any client would. */
const ask = async (flights: readonly Flight[], { url, signal }: ExampleContext): Promise<Float64Array> => {
  const probabilities: number[] = [];
  for (let from = 0; from < flights.length; from += flightsPerRequest) {
    const rows = flights.slice(from, from + flightsPerRequest).map(clientRow);
    const response = await fetch(`${url}/models/${model}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows }),
      signal,
    });
    if (!response.ok) throw new Error(`the server answered ${response.status}: ${await response.text()}`);
    const answer: {
      readonly predictions: readonly { readonly probabilities: Readonly<Record<string, number>> }[];
    } = JSON.parse(await response.text());
    probabilities.push(
      ...answer.predictions.map((prediction) => prediction.probabilities.true ?? Number.NaN),
    );
  }
  return Float64Array.from(probabilities);
};

/** Flights of a week the model has not seen, through the server, against the trivial baseline. */
const whenServing = async (context: ExampleContext): Promise<void> => {
  const { say, url } = context;
  const flights = await flightsOfWeek(unseenWeek, unseenFlights);
  const isPositive = Uint8Array.from(flights, ({ delay }) => (delay > 15 ? 1 : 0));
  const { metrics } = evaluateBinary({
    isPositive,
    probability: await ask(flights, context),
    threshold: 0.5,
  });
  const [flight] = flights;
  say('');
  say(
    `Serving. Week ${unseenWeek}, which the model has never seen: AUC ${metrics.auc?.toFixed(3)} on ${flights.length} flights (always the commonest class: 0.500)`,
  );
  say('Ask it yourself:');
  say(
    `  curl -s ${url}/models/${model}/predict -H 'content-type: application/json' -d '${JSON.stringify(flight && clientRow(flight))}'`,
  );
  say('');
};

export const example: Example = { model, drop, whenServing };
