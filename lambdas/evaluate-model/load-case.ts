import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readColumnTable } from '../../lib/adapters/duckdb/read-column-table.ts';
import { type OpenModel, openModel } from '../../lib/adapters/onnx-runtime/open-model.ts';
import type { DatasetProfile, QualityReport } from '../../lib/domain/dataset/index.ts';
import type { ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import { readSignature, type Signature } from '../../lib/domain/signature/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { missingRunFact } from '../missing-run-fact.ts';
import type { Services } from '../services.ts';
import type { LabelledTable } from './labelled-table.ts';

/** What is on the table: the run's model, open, and the rows it is judged on. */
export interface EvaluationCase {
  readonly datasetVersion: string;
  readonly resolved: ResolvedSpec;
  readonly quality: QualityReport;
  readonly profile: DatasetProfile;
  readonly signature: Signature;
  readonly model: OpenModel;
  /** The size of model.onnx. */
  readonly artifactBytes: number;
  readonly train: LabelledTable;
  readonly test: LabelledTable;
}

const files = [
  'train.parquet',
  'test.parquet',
  'model.resolved.json',
  'quality.json',
  'profile.json',
] as const;

/** Fetches a run's model and dataset; release the model when done. */
export const loadCase = async (
  { model, runId }: { readonly model: string; readonly runId: string },
  folder: string,
  { objects, registry, signal }: Pick<Services, 'objects' | 'registry' | 'signal'>,
): Promise<EvaluationCase> => {
  const { datasetVersion = missingRunFact(runId, 'datasetVersion'), specRevision } =
    await registry.getRun(runId);
  const place = (name: string) => path.join(folder, name);
  for (const name of files)
    await objects.download(objectKeys.dataset(model, datasetVersion, name), place(name));
  const stored: ResolvedSpec = JSON.parse(await readFile(place('model.resolved.json'), 'utf8'));
  const resolved = { ...stored, spec: (await registry.getSpec(model, specRevision)).spec };
  const reading = { ...(signal && { signal }) };
  const artifact = await objects.get(objectKeys.run(model, runId, 'model.onnx'));
  const signature = readSignature(await objects.get(objectKeys.run(model, runId, 'signature.json')));
  return {
    datasetVersion,
    resolved,
    quality: JSON.parse(await readFile(place('quality.json'), 'utf8')),
    profile: JSON.parse(await readFile(place('profile.json'), 'utf8')),
    signature,
    model: await openModel(artifact, signature),
    artifactBytes: artifact.length,
    train: await readColumnTable(place('train.parquet'), resolved, { columns: [], ...reading }),
    test: await readColumnTable(place('test.parquet'), resolved, reading),
  };
};
