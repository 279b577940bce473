import type { Use } from './bill.ts';
import { computeOf, hoursPerMonth, type Team } from './uses-asleep.ts';

const daysPerMonth = hoursPerMonth / 24;
const kb = 1 / 2 ** 20;

export interface Traffic {
  readonly predictionsPerDay: number;
  readonly rowsPerRequest: number;
}

/** What a request takes; rounded up, so that a bill seldom surprises. */
const perRequest = {
  /** Warm: most of it waits for the capture to be taken over after the answer. */
  milliseconds: 25,
  millisecondsPerRow: 0.1,
  /** One request in a hundred starts a function, for 0.8 s. */
  coldMilliseconds: 8,
  /** Lambda's own lines, counts, and the line of the access log. */
  logKb: 1.4,
} as const;

/** Firehose delivers after at most 15 minutes. */
const deliveriesPerHour = 4;

const capturing = ({ models }: Team, predictions: number): readonly Use[] => {
  const deliveries = Math.min(predictions, models * deliveriesPerHour * hoursPerMonth);
  return [
    { what: 'capture: taking records in, 5 KB each', price: 'firehoseGb', units: predictions * 5 * kb },
    {
      what: 'capture: sorting by model and hour',
      price: 'firehosePartitionedGb',
      units: predictions * 0.6 * kb,
    },
    // At a thousand records a second.
    { what: 'capture: reading model and hour', price: 'firehoseJqHour', units: predictions / 3_600_000 },
    { what: 'capture: objects', price: 'firehoseObject', units: deliveries },
    { what: 'capture: writes to S3', price: 'objectWrite', units: deliveries },
    // 150 bytes a prediction when gzipped: a year on, when the oldest are forgotten as fast as new ones come.
    {
      what: 'capture: the latest three months',
      price: 'objectStorageGb',
      units: predictions * 3 * 0.15 * kb,
    },
    { what: 'capture: the ten months before', price: 'objectArchiveGb', units: predictions * 10 * 0.15 * kb },
    { what: 'monitor: reading what was captured', price: 'objectRead', units: deliveries },
  ];
};

/** What answering so many predictions adds to the bill of a month. */
export const usesPredicting = (team: Team, traffic: Traffic): readonly Use[] => {
  const { settings, models } = team;
  const { predictionsPerDay, rowsPerRequest } = traffic;
  const predictions = predictionsPerDay * daysPerMonth;
  const requests = predictions / rowsPerRequest;
  const { milliseconds, millisecondsPerRow, coldMilliseconds, logKb } = perRequest;
  const seconds = (requests * (milliseconds + coldMilliseconds + millisecondsPerRow * rowsPerRequest)) / 1000;
  // The pointer is read again after five seconds, by each function at work.
  const looks = Math.min(requests, (hoursPerMonth * 3600 * models) / 5);
  const hoursAtWork = Math.min(hoursPerMonth, requests);
  return [
    ...(settings.frontDoor.kind === 'http-api'
      ? [
          {
            what: 'HTTP API',
            price: 'apiRequest',
            units: requests * Math.ceil((rowsPerRequest * 0.3) / 512),
          } as const,
        ]
      : []),
    { what: 'endpoint: requests', price: 'lambdaRequest', units: requests },
    ...computeOf('endpoint: computing', 'serve-predictions', seconds, settings),
    { what: 'endpoint: logs', price: 'logIngestGb', units: requests * logKb * kb },
    { what: 'endpoint: reads of route and key', price: 'tableRead', units: looks * 4 },
    {
      what: 'endpoint: counts of requests and times',
      price: 'customMetric',
      units: (3 * models * hoursAtWork) / hoursPerMonth,
    },
    { what: 'answers to the internet', price: 'transferGb', units: predictions * 0.3 * kb },
    ...capturing(team, predictions),
    {
      what: 'monitor: scores of its lanes, in the hours they are written',
      price: 'customMetric',
      units: (3 * models) / settings.monitorEveryHours,
    },
    ...computeOf('monitor: computing over predictions', 'watch-models', predictions / 50_000, settings),
    ...(settings.customerManagedKey
      ? [
          {
            what: 'requests to the key',
            price: 'keyRequest',
            units: looks + capturing(team, predictions).length * 1000,
          } as const,
        ]
      : []),
  ];
};
