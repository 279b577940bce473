import { atHour } from './calendar.ts';
import type { Flight, Flights } from './flights.ts';
import type { House } from './house.ts';

/** Rows a request. */
const flightsPerRequest = 200;

/** The day of which all labels come in one file, dropped, instead of being posted. */
const droppedDay = 112;

export interface Asked {
  readonly predictionId: string;
  readonly version: number;
  readonly label: string;
  readonly flight: Flight;
}

interface Answer {
  readonly version: number;
  readonly predictions: readonly { readonly predictionId: string; readonly label: string }[];
}

/**
 * How many days after its flight a delay becomes known: 2 to 5, so that labels of one day come over several and out of
 * order. The delay of every fiftieth flight is never told.
 */
const labelDelayDays = (place: number): number =>
  place % 50 === 49 ? Number.POSITIVE_INFINITY : 2 + (place % 4);
const longestDelayDays = 5;

/** Delays are told on Mondays, those of four days, and on Thursdays, those of three. */
const daysTold: ReadonlyMap<number, number> = new Map([
  [0, 4],
  [3, 3],
]);

/** What is known before departure. */
const askable = ({ date, distance, origin, destination }: Flight) => ({
  date,
  distance,
  origin,
  destination,
});

/** The same rows in the Open Inference Protocol, which can name a version. */
const tensorsOf = (rows: readonly Flight[]) =>
  (['date', 'distance', 'origin', 'destination'] as const).map((name) => ({
    name,
    shape: [rows.length, 1],
    datatype: name === 'distance' ? 'FP64' : 'BYTES',
    data: rows.map((row) => row[name]),
  }));

/** Clients of the model: they ask about flights that are to fly, and tell days later how those arrived. */
export const traffic = ({
  house,
  flights,
  model,
}: {
  readonly house: House;
  readonly flights: Flights;
  readonly model: string;
}) => {
  const byDay = new Map<number, Asked[]>();
  let [asked, answered, told] = [0, 0, 0];

  const request = async (rows: readonly Flight[]): Promise<readonly Asked[]> => {
    const { predictions, version } = await house.post<Answer>(`/models/${model}/predict`, {
      rows: rows.map(askable),
    });
    answered += predictions.length;
    return predictions.flatMap(({ predictionId, label }, index) => {
      const flight = rows[index];
      return flight ? [{ predictionId, label, version, flight }] : [];
    });
  };

  const dueOn = (day: number): readonly (Asked & { readonly day: number })[] =>
    Array.from({ length: longestDelayDays + 1 }, (_, back) => day - back).flatMap((from) =>
      (byDay.get(from) ?? [])
        .filter((_, place) => from + labelDelayDays(place) === day)
        .map((one) => ({ ...one, day: from })),
    );

  return {
    /** How many flights were asked about, and of how many the delay was told. */
    asked: (): number => asked,
    /** How many predictions were answered: flights that were asked about again among them. */
    answered: (): number => answered,
    told: (): number => told,
    /** What was asked on a day, in order. */
    of: (day: number): readonly Asked[] => byDay.get(day) ?? [],
    /** What was asked on a day and is known to have been right or wrong. */
    toldOf: (day: number, today: number): readonly Asked[] =>
      (byDay.get(day) ?? []).filter((_, place) => day + labelDelayDays(place) <= today),
    /** Asks about the flights of a day, of which `change` may spoil what is said. */
    ask: async (day: number, change: (flight: Flight) => Flight = (flight) => flight): Promise<void> => {
      const rows = await flights.askedOn(day);
      const found: Asked[] = [];
      byDay.set(day, found);
      for (let from = 0; from < rows.length; from += flightsPerRequest)
        found.push(...(await request(rows.slice(from, from + flightsPerRequest).map(change))));
      asked += found.length;
      await house.flush();
    },
    /** What a version, asked for by its number, says of flights; no part of the traffic that is judged. */
    askVersion: async (version: number, rows: readonly Flight[]): Promise<readonly string[]> => {
      const answer = await house.post<{
        readonly outputs: readonly { readonly name: string; readonly data: readonly unknown[] }[];
      }>(`/v2/models/${model}/versions/${version}/infer`, { inputs: tensorsOf(rows) });
      return (answer.outputs.find(({ name }) => name === 'label')?.data ?? []).map(String);
    },
    /** Asks about a flight once more; gives the version that answers. */
    askAgain: async ({ flight }: Asked): Promise<number> => {
      const [answer] = await request([flight]);
      if (answer === undefined) throw new Error('a flight was asked about and nothing came back');
      return answer.version;
    },
    /** Tells the delays that become known on a day: posted, or on one day dropped as a file. */
    tellLabels: async (day: number): Promise<void> => {
      const days = daysTold.get(day % 7) ?? 0;
      const due = Array.from({ length: days }, (_, back) => dueOn(day - back)).flat();
      if (due.length === 0) return;
      const labels = due.map(({ predictionId, flight }) => ({
        predictionId,
        delay: flight.delay,
        at: new Date(atHour(day, 22)).toISOString(),
      }));
      if (day === droppedDay) {
        const lines = labels.map((label) => `${JSON.stringify(label)}\n`).join('');
        const key = `labels/${model}/landed-on-day-${day}.jsonl`;
        await house.drop(key, lines);
      } else {
        await house.post(`/models/${model}/labels`, { labels });
      }
      await house.lookAtDropZone();
      told += labels.length;
    },
  };
};
export type Traffic = ReturnType<typeof traffic>;
