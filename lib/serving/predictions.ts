import { type ChosenVersion, chooseVersion } from '../domain/routing/index.ts';
import { type Predictions, parseRows, type Signature } from '../domain/signature/index.ts';
import type { CaptureSink } from '../ports/capture-sink.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { MetricSink } from '../ports/metric-sink.ts';
import type { ObjectStore } from '../ports/object-store.ts';
import type { Registry } from '../registry/index.ts';
import { isMillraceError, MillraceError } from '../wire/errors.ts';
import type { JsonObject, JsonValue } from '../wire/json.ts';
import { captureRecords } from './capture-records.ts';
import { type ModelCacheOptions, modelCache } from './model-cache.ts';
import { type PostedLabels, postLabels } from './post-labels.ts';
import { predictionMeter } from './prediction-meter.ts';
import { type LiveModel, routeCache } from './route-cache.ts';

export interface PredictionServices extends ModelCacheOptions {
  /** Models are read from it, and posted labels written to it. */
  readonly objects: Pick<ObjectStore, 'get' | 'putIfAbsent'>;
  readonly registry: Pick<Registry, 'getRoute' | 'getSpec' | 'getVersion' | 'getModel' | 'listModels'>;
  readonly capture: CaptureSink;
  readonly metrics: Pick<MetricSink, 'put'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'next'>;
  /** Keys the hash of sensitive columns; fetched only when a model has such columns. */
  readonly secret: string | (() => Promise<string>);
  /** Told of answered rows that could not be kept, beside those the sink counts. @default - nobody is */
  readonly onLost?: (rows: number, error: unknown) => void;
  /** @default 10000 */
  readonly maxRows?: number;
  /** A draw in [0, 1) for requests without a routing key. @default Math.random */
  readonly draw?: () => number;
  /** Does work once the answer is on its way. @default setImmediate: after the response was written */
  readonly afterAnswer?: (work: () => void) => void;
}

export interface PredictionRequest {
  readonly model: string;
  /** @default - what the route says */
  readonly version?: number;
  readonly rows: readonly JsonObject[];
  /** The same key always gets the same version. */
  readonly routingKey?: string;
}

export interface PredictionAnswer {
  readonly model: string;
  readonly version: number;
  readonly signature: Signature;
  readonly predictions: Predictions;
  readonly predictionIds: readonly string[];
}

/** `named`: the caller asked for a version, which is no part of the traffic that roll-outs and monitors judge. */
type Choice = Omit<ChosenVersion, 'role'> & { readonly role: ChosenVersion['role'] | 'shadow' | 'named' };

const nothingServing = (model: string) =>
  new MillraceError('NOTHING_SERVING', `no version of "${model}" serves yet`, { model });

const choose = (live: LiveModel, request: PredictionRequest, draw: () => number): Choice => {
  if (request.version !== undefined) return { version: request.version, role: 'named' };
  const chosen = chooseVersion(live.route, request.routingKey ?? draw());
  if (chosen === undefined) throw nothingServing(live.model);
  return chosen;
};

/**
 * The rows without what only names them: key and event time are no features, but labels find a prediction by them, so that
 * callers may send them along to be captured.
 */
const askedOf = (
  rows: readonly JsonObject[],
  { columns }: Signature,
  { key, eventTime }: LiveModel['spec'],
): readonly JsonObject[] => {
  const names = [...key, ...(eventTime === undefined ? [] : [eventTime])];
  const unasked = names.filter((name) => columns.every((column) => column.name !== name));
  if (unasked.length === 0) return rows;
  return rows.map((row) =>
    unasked.some((name) => Object.hasOwn(row, name))
      ? Object.fromEntries(Object.entries(row).filter(([name]) => !unasked.includes(name)))
      : row,
  );
};

/** The way of a request: route, validate against the signature, run, answer; then capture, and run the shadow. */
export const predictionService = (services: PredictionServices) => {
  const { clock, ids, capture, maxRows = 10_000, draw = Math.random, afterAnswer = setImmediate } = services;
  const now = () => clock.now();
  const routes = routeCache({ registry: services.registry, now });
  const models = modelCache(services);
  const meter = predictionMeter({ metrics: services.metrics, now });
  const underWay = new Set<Promise<void>>();

  /** Whether the champion would have taken rows that a challenger refuses. */
  const championTakes = async (live: LiveModel, rows: readonly JsonObject[]): Promise<boolean> => {
    const { champion } = live.route;
    if (champion === undefined) return false;
    try {
      await models.use(await live.version(champion), ({ signature }) =>
        parseRows(askedOf(rows, signature, live.spec), signature, { maxRows }),
      );
      return true;
    } catch {
      return false;
    }
  };

  /** Runs the rows through one version and counts what came of it. */
  const answer = async (live: LiveModel, choice: Choice, rows: readonly JsonObject[]) => {
    const { version, role } = choice;
    const record = await live.version(version);
    const start = performance.now();
    const count = (outcome: 'answered' | 'refused' | 'failed') => {
      const latencyMs = performance.now() - start;
      if (role !== 'named') meter.count({ model: live.model, version, role, outcome, latencyMs });
      return latencyMs;
    };
    try {
      const done = await models.use(record, async ({ signature, model }) => {
        const table = parseRows(askedOf(rows, signature, live.spec), signature, { maxRows });
        return { signature, predictions: await model.run(table) };
      });
      return { ...done, latencyMs: count('answered') };
    } catch (error) {
      // Rows the champion takes and the challenger refuses are the challenger's fault, not the caller's.
      const isCallersFault =
        isMillraceError(error, 'PREDICTION_INPUT_INVALID') &&
        role !== 'shadow' &&
        !(role === 'canary' && (await championTakes(live, rows)));
      count(isCallersFault ? 'refused' : 'failed');
      throw error;
    }
  };

  /** The secret where it is at hand, or needed for nothing. */
  const secretAtHand = ({ spec }: LiveModel): string | undefined => {
    if (spec.monitor.sensitiveColumns.length === 0) return '';
    return typeof services.secret === 'string' ? services.secret : undefined;
  };
  const fetchSecret = async (): Promise<string> =>
    typeof services.secret === 'string' ? services.secret : services.secret();

  const keep = async (
    live: LiveModel,
    role: 'champion' | 'canary' | 'shadow',
    answered: PredictionAnswer & { readonly latencyMs: number; readonly rows: readonly JsonObject[] },
  ): Promise<void> => {
    const { monitor } = live.spec;
    const at = new Date(clock.now()).toISOString();
    try {
      const secret = secretAtHand(live) ?? (await fetchSecret());
      capture.capture(captureRecords({ ...answered, role, at, monitor, secret }));
    } catch (error) {
      services.onLost?.(answered.rows.length, error);
    }
  };

  /** Work that nobody waits for, but whoever flushes. */
  const track = (work: Promise<void>): void => {
    const tracked = work.finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };

  const runShadow = async (
    live: LiveModel,
    version: number,
    rows: readonly JsonObject[],
    predictionIds: readonly string[],
  ) => {
    try {
      const done = await answer(live, { version, role: 'shadow' }, rows);
      await keep(live, 'shadow', { model: live.model, version, rows, predictionIds, ...done });
    } catch {
      // Counted by `answer`; the caller has the champion's answer.
    }
  };

  const predict = async (request: PredictionRequest): Promise<PredictionAnswer> => {
    const live = await routes.get(request.model);
    const choice = choose(live, request, draw);
    const { version, role, shadow } = choice;
    const { rows } = request;
    const { latencyMs, ...done } = await answer(live, choice, rows);
    const predictionIds = rows.map(() => ids.next());
    const answered = { model: live.model, version, predictionIds, ...done };
    afterAnswer(() => {
      if (role === 'champion' || role === 'canary') track(keep(live, role, { ...answered, latencyMs, rows }));
      if (shadow !== undefined) track(runShadow(live, shadow, rows, predictionIds));
    });
    return answered;
  };

  return {
    predict,
    /** Keeps late truth until the monitor takes it in. Throws MODEL_UNKNOWN, REQUEST_MALFORMED, REQUEST_TOO_LARGE. */
    postLabels: async (model: string, body: JsonValue): Promise<PostedLabels> => {
      const { spec } = await routes.get(model);
      return postLabels({ model, spec, body }, { objects: services.objects, now: now(), maxRows });
    },
    /** What is live of a model. Throws MODEL_UNKNOWN, MODEL_NAME_INVALID. */
    live: (model: string): Promise<LiveModel> => routes.get(model),
    /** The signature of a version that is live, its session opened. Throws VERSION_UNKNOWN, NOTHING_SERVING. */
    describe: async (model: string, version?: number) => {
      const live = await routes.get(model);
      const number = version ?? live.route.champion;
      if (number === undefined) throw nothingServing(model);
      const record = await live.version(number);
      const signature = await models.use(record, (loaded) => loaded.signature);
      return { live, record, signature };
    },
    listModels: () => services.registry.listModels(),
    getModel: (model: string) => services.registry.getModel(model),
    /** Waits for shadows, then makes metrics and captured records durable. */
    flush: async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      await Promise.all(underWay);
      await Promise.all([meter.flush(), capture.flush()]);
    },
    /** Releases the models. Flush first. */
    close: (): void => models.close(),
    maxRows,
  };
};
export type PredictionService = ReturnType<typeof predictionService>;
