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
  logKb: 1.7,
} as const;

/** Firehose delivers each minute in which something came. */
const deliveriesPerHour = 60;
/** A prediction as it is captured, and what is left of it when gzipped. */
const capturedKb = { plain: 0.6, gzipped: 0.15 } as const;
/** They are forgotten after 400 days. Objects this small stay in Standard. */
const monthsCaptured = 13;

/** The rows of a request travel as one record, billed as a multiple of 5 KB. */
const recordKb = (rows: number): number => Math.ceil((rows * capturedKb.plain) / 5) * 5;

const capturing = ({ models }: Team, predictions: number, rowsPerRequest: number): readonly Use[] => {
  const requests = predictions / rowsPerRequest;
  const deliveries = Math.min(requests, models * deliveriesPerHour * hoursPerMonth);
  const keptGb = predictions * monthsCaptured * capturedKb.gzipped * kb;
  return [
    {
      what: 'capture: taking records in',
      price: 'firehoseGb',
      units: requests * recordKb(rowsPerRequest) * kb,
    },
    {
      what: 'capture: sorting by model and hour',
      price: 'firehosePartitionedGb',
      units: predictions * capturedKb.plain * kb,
    },
    // At a thousand records a second.
    { what: 'capture: reading model and hour', price: 'firehoseJqHour', units: predictions / 3_600_000 },
    { what: 'capture: objects', price: 'firehoseObject', units: deliveries },
    { what: 'capture: writes to S3', price: 'objectWrite', units: deliveries },
    { what: 'capture: kept for 400 days, once these have passed', price: 'objectStorageGb', units: keptGb },
    { what: 'monitor: reading what was captured', price: 'objectRead', units: deliveries },
  ];
};

/** A label as it lies beside its prediction, gzipped, when every prediction gets one. */
const labelledKb = 0.06;

/** Late truth: files come a few times a day, their rows are filed by the hour of their prediction and read with it. */
const labelling = ({ models }: Team, predictions: number): readonly Use[] => {
  const hours = Math.min(hoursPerMonth * models, predictions);
  return [
    {
      what: 'labels: the alarm of realised quality, once some came',
      price: 'alarm',
      units: predictions > 0 ? models : 0,
    },
    { what: 'labels: filed by hour', price: 'objectWrite', units: hours },
    { what: 'labels: read with their predictions', price: 'objectRead', units: 2 * hours },
    {
      what: 'labels: kept for 400 days, once these have passed',
      price: 'objectStorageGb',
      units: predictions * monthsCaptured * labelledKb * kb,
    },
  ];
};

/**
 * Series of a model that windows with predictions write: four lanes, how many labels came and how late. Those of a version
 * are its own, and are billed by the hours they are written in: a version that is gone costs nothing.
 */
const writtenSeries = 6;

/** Whether X-Ray traces the endpoint's requests; a test holds it to the template. */
export const isEndpointTraced: boolean = false;

/** X-Ray takes the first request of each second and 5 % of the others; steady traffic is assumed. */
const tracesOf = (requests: number): number => {
  const first = Math.min(requests, hoursPerMonth * 3600);
  return first + 0.05 * (requests - first);
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
    ...(isEndpointTraced
      ? [{ what: 'endpoint: traces', price: 'trace', units: tracesOf(requests) } as const]
      : []),
    { what: 'endpoint: logs', price: 'logIngestGb', units: requests * logKb * kb },
    { what: 'endpoint: reads of route and key', price: 'tableRead', units: looks * 4 },
    {
      what: 'endpoint: counts of requests and times',
      price: 'customMetric',
      units: (3 * models * hoursAtWork) / hoursPerMonth,
    },
    { what: 'answers to the internet', price: 'transferGb', units: predictions * 0.3 * kb },
    ...capturing(team, predictions, rowsPerRequest),
    ...labelling(team, predictions),
    {
      what: 'monitor: scores of its lanes and how labels come, in the hours they are written',
      price: 'customMetric',
      units: predictions > 0 ? (writtenSeries * models) / settings.monitorEveryHours : 0,
    },
    ...computeOf('monitor: computing over predictions', 'watch-models', predictions / 50_000, settings),
    ...(settings.customerManagedKey
      ? [
          {
            what: 'requests to the key',
            price: 'keyRequest',
            units: looks + 10_000 * models,
          } as const,
        ]
      : []),
  ];
};
