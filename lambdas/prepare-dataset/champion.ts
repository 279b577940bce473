import { type Baseline, readBaseline } from '../../lib/domain/baseline/index.ts';
import type { ClassCounts } from '../../lib/domain/gates/index.ts';
import type { GoldenSet } from '../../lib/domain/golden/index.ts';
import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import { canonicalJson } from '../../lib/wire/json.ts';
import type { Services } from '../services.ts';

/** What new data is held against. */
export interface Champion {
  readonly version: number;
  readonly specRevision: number;
  readonly createdAt: string;
  /** The contents it was made of: its training, validation and test rows. */
  readonly seen: ReadonlySet<string>;
  /** Absent where it has none, or one of a schema this code does not know. */
  readonly baseline?: Baseline;
  /** It was asked another question: what is usual of its answers says nothing of these. @default false */
  readonly hasOtherTarget?: boolean;
}

const parseJson = (bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
};

const questionOf = ({ task, target }: ModelSpec): string => canonicalJson({ task, target });

/** The version that serves; `undefined` before there is one. */
export const findChampion = async (
  spec: ModelSpec,
  { registry, objects }: Pick<Services, 'registry' | 'objects'>,
): Promise<Champion | undefined> => {
  const model = spec.name;
  const { champion } = await registry.getRoute(model);
  if (champion === undefined) return undefined;
  const { version, specRevision, createdAt, datasetVersion, files } = await registry.getVersion(
    model,
    champion,
  );
  const dataset =
    datasetVersion === undefined ? undefined : await registry.findDataset(model, datasetVersion);
  const { spec: own } = await registry.getSpec(model, specRevision);
  const baseline = files.baseline && readBaseline(parseJson(await objects.get(files.baseline)));
  return {
    version,
    specRevision,
    createdAt,
    seen: new Set(dataset?.sources.map(({ sha256 }) => sha256)),
    ...(baseline && { baseline }),
    ...(questionOf(own) !== questionOf(spec) && { hasOtherTarget: true }),
  };
};

const ofBaseline = ({ label }: Baseline): { shares: ClassCounts; rows: number } | undefined => {
  const { bins, counts } = label;
  if (bins.kind !== 'category') return undefined;
  const rows = bins.values.reduce((sum, _, place) => sum + (counts.counts[place] ?? 0), 0);
  if (rows === 0) return undefined;
  const shares = bins.values.map((value, place) => [value, (counts.counts[place] ?? 0) / rows] as const);
  return { shares: Object.fromEntries(shares), rows };
};

/**
 * The usual share of each class. A golden set that people froze after the champion was made says what is true now; an
 * older one says less than the champion's own validation rows.
 */
export const usualLabels = (
  { baseline, createdAt, hasOtherTarget }: Champion,
  golden: GoldenSet | undefined,
) => {
  if (hasOtherTarget) return undefined;
  return golden !== undefined && golden.at > createdAt
    ? { shares: golden.label, rows: golden.rows }
    : baseline && ofBaseline(baseline);
};
