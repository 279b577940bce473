import type { LabelReading } from '../../lib/adapters/duckdb/read-labels.ts';
import type { LabelFacts } from '../../lib/domain/labels/index.ts';
import type { ModelSpec, ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import { readSignature } from '../../lib/domain/signature/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import type { Services } from '../services.ts';

type Needs = Pick<Services, 'objects' | 'registry'>;

/** How labels of a model are read, and what they are held to. */
export interface LabelRules {
  readonly reading: LabelReading;
  readonly facts: LabelFacts;
}

/** The key columns nothing can be found by, since captured predictions have them hashed or not at all. */
const hiddenOf = ({ key, monitor }: ModelSpec): readonly string[] =>
  key.filter((name) => monitor.sensitiveColumns.includes(name) || monitor.omittedColumns.includes(name));

const kindsOf = async (model: string, datasetVersion: string | undefined, { objects }: Needs) => {
  if (datasetVersion === undefined) return new Map();
  const bytes = await objects.get(objectKeys.dataset(model, datasetVersion, 'model.resolved.json'));
  const resolved: ResolvedSpec = JSON.parse(new TextDecoder().decode(bytes));
  return new Map(resolved.columns.map(({ name, kind }) => [name, kind]));
};

/** `undefined` while nothing serves: there is no champion yet whose classes a label could be one of. */
export const labelRules = async (model: string, services: Needs): Promise<LabelRules | undefined> => {
  const { registry, objects } = services;
  const { champion } = await registry.getRoute(model);
  if (champion === undefined) return undefined;
  const { spec } = await registry.getSpec(model);
  const { signatureKey, datasetVersion } = await registry.getVersion(model, champion);
  const { classes } = readSignature(await objects.get(signatureKey));
  const isComputed = typeof spec.target !== 'string';
  return {
    reading: { spec, kinds: isComputed ? await kindsOf(model, datasetVersion, services) : new Map() },
    facts: { key: spec.key, hidden: hiddenOf(spec), classes },
  };
};
