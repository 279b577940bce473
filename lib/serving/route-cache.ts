import { ModelName, type ModelSpec } from '../domain/model-spec/index.ts';
import type { ModelVersion } from '../domain/registry/index.ts';
import type { RouteView } from '../domain/routing/index.ts';
import type { Registry } from '../registry/index.ts';
import { MillraceError } from '../wire/errors.ts';

/** The longest a moved pointer may go unnoticed. */
export const routeMaxAgeMs = 5000;

/** What is live of one model. */
export interface LiveModel {
  readonly model: string;
  readonly route: RouteView;
  /** As it is in force. */
  readonly spec: ModelSpec;
  /** The record of a version the route names. Throws VERSION_UNKNOWN for any other: what is not live does not answer. */
  version(number: number): Promise<ModelVersion>;
}

type ReadRegistry = Pick<Registry, 'getRoute' | 'getSpec' | 'getVersion'>;

const requireName = (model: string): void => {
  if (!ModelName.safeParse(model).success)
    throw new MillraceError('MODEL_NAME_INVALID', `"${model.slice(0, 80)}" is not the name of a model`);
};

/** Champion, challengers and the champions before: what the route can be at now or go back to. */
const versionsOf = ({ champion, canary, shadow, formerChampions }: RouteView): readonly number[] =>
  [champion, canary?.version, shadow, ...formerChampions].filter((version) => version !== undefined);

const readLive = async (model: string, registry: ReadRegistry): Promise<LiveModel> => {
  requireName(model);
  const [route, { spec }] = await Promise.all([registry.getRoute(model), registry.getSpec(model)]);
  const live = versionsOf(route);
  const known = new Map<number, Promise<ModelVersion>>();
  const version = (number: number): Promise<ModelVersion> => {
    if (!live.includes(number))
      return Promise.reject(
        new MillraceError(
          'VERSION_UNKNOWN',
          `version ${number} of "${model}" is not served, expected one of ${live.join(', ') || '(none yet)'}`,
          { model, version: number },
        ),
      );
    const reading = known.get(number) ?? registry.getVersion(model, number);
    known.set(number, reading);
    reading.catch(() => known.delete(number));
    return reading;
  };
  return { model, route, spec, version };
};

/** The versions that answer, read again when older than five seconds. Throws MODEL_UNKNOWN, MODEL_NAME_INVALID. */
export const routeCache = (options: { readonly registry: ReadRegistry; readonly now: () => number }) => {
  const { registry, now } = options;
  const entries = new Map<string, { readonly readAt: number; readonly reading: Promise<LiveModel> }>();

  return {
    get: (model: string): Promise<LiveModel> => {
      const known = entries.get(model);
      const readAt = now();
      // Either way: a clock that was set back must not keep a pointer until it has caught up.
      if (known !== undefined && Math.abs(readAt - known.readAt) < routeMaxAgeMs) return known.reading;
      const reading = readLive(model, registry);
      entries.set(model, { readAt, reading });
      const forget = () => {
        if (entries.get(model)?.reading === reading) entries.delete(model);
      };
      // Unknown names are not remembered: a million of them must not fill the memory, and a model may appear any moment.
      // Nor is that nothing serves: the first approval is followed by the first call.
      reading.then(({ route }) => route.champion === undefined && forget(), forget);
      return reading;
    },
  };
};
export type RouteCache = ReturnType<typeof routeCache>;
