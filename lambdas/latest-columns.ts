import type { ResolvedColumn, ResolvedSpec } from '../lib/domain/model-spec/index.ts';
import { objectKeys } from '../lib/wire/object-keys.ts';
import type { Services } from './services.ts';

/** What the newest dataset of a model found each column to be; `undefined` before there is one. */
export const latestColumns = async (
  model: string,
  {
    registry,
    objects,
  }: {
    readonly registry: Pick<Services['registry'], 'listDatasets'>;
    readonly objects: Pick<Services['objects'], 'get'>;
  },
): Promise<readonly ResolvedColumn[] | undefined> => {
  const [latest] = await registry.listDatasets(model, { limit: 1 });
  if (latest === undefined) return undefined;
  const bytes = await objects.get(objectKeys.dataset(model, latest.datasetVersion, 'model.resolved.json'));
  const resolved: ResolvedSpec = JSON.parse(new TextDecoder().decode(bytes));
  return resolved.columns;
};
