import type { DatasetVersion, Run, SpecRevision } from '../registry/index.ts';
import { Lineage } from './lineage.ts';

/** What a version came from, as the registry knows it. */
export interface LineageParts {
  readonly version: number;
  readonly dataset: Pick<DatasetVersion, 'datasetVersion' | 'manifestKey' | 'sources'>;
  readonly spec: Pick<SpecRevision, 'revision' | 'sha256'>;
  readonly run: Pick<Run, 'runId' | 'model' | 'trigger' | 'seed' | 'startedAt'> & {
    readonly trainer: string;
    readonly codeVersion: string;
  };
  readonly artifact: { readonly key: string; readonly sha256: string };
  readonly comparedWith?: { readonly version: number; readonly artifactSha256: string };
}

/** Sources in byte order of their keys, so that the same parts give the same bytes. */
export const buildLineage = (parts: LineageParts): Lineage => {
  const { dataset, run } = parts;
  const sources = dataset.sources.map(({ key, sha256 }) => ({ key, sha256 }));
  return Lineage.parse({
    schemaVersion: 1,
    model: run.model,
    version: parts.version,
    sources: sources.sort((a, b) => (a.key < b.key ? -1 : 1)),
    dataset: { version: dataset.datasetVersion, manifestKey: dataset.manifestKey },
    spec: parts.spec,
    run,
    artifact: parts.artifact,
    ...(parts.comparedWith && { comparedWith: parts.comparedWith }),
  });
};
