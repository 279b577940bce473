import path from 'node:path';
import type { TrainingColumns } from '../../lib/domain/labels/index.ts';
import type { ModelSpec } from '../../lib/domain/model-spec/index.ts';
import { readSignature } from '../../lib/domain/signature/index.ts';
import { fromLabelsFolder, objectKeys } from '../../lib/wire/object-keys.ts';
import { latestColumns } from '../latest-columns.ts';
import type { Services } from '../services.ts';
import { linesOfGzip } from './captured-files.ts';

type Needs = Pick<Services, 'objects' | 'registry'>;

/** How labelled predictions of a version become rows to train on, or why they do not. */
export type TrainingPlan = { readonly columns: TrainingColumns } | { readonly because: string };

const hiddenColumns = async (
  { name: model, monitor }: ModelSpec,
  version: number,
  { objects, registry }: Needs,
): Promise<readonly string[]> => {
  const hidden = new Set([...monitor.sensitiveColumns, ...monitor.omittedColumns]);
  if (hidden.size === 0) return [];
  const { signatureKey } = await registry.getVersion(model, version);
  const { columns } = readSignature(await objects.get(signatureKey));
  return columns.flatMap(({ name }) => (hidden.has(name) ? [name] : []));
};

/** Whether the labelled predictions of a version can be trained on, and in which columns. */
export const trainingPlan = async (
  spec: ModelSpec,
  version: number,
  services: Needs,
): Promise<TrainingPlan> => {
  const { monitor, target, key, eventTime } = spec;
  if (!monitor.trainOnLabels) return { because: 'monitor.trainOnLabels is false' };
  const hidden = await hiddenColumns(spec, version, services);
  if (hidden.length > 0)
    return { because: `${hidden.join(', ')}: not captured as they were sent, so that no row is whole` };
  const isColumn = typeof target === 'string';
  const columns = isColumn ? [] : ((await latestColumns(spec.name, services)) ?? []);
  const truth = columns.flatMap(({ name, role }) => (role === 'labelSource' ? [name] : []));
  if (!isColumn && truth.length === 0)
    return { because: 'no dataset says which columns the label is made from' };
  return {
    columns: {
      ...(isColumn && { target }),
      truth,
      key,
      ...(eventTime !== undefined && { eventTime }),
      hidden: [...monitor.sensitiveColumns, ...monitor.omittedColumns],
    },
  };
};

const countLines = async (filePath: string): Promise<number> => {
  let lines = 0;
  for await (const piece of linesOfGzip(filePath)) lines += piece.filter((line) => line !== '').length;
  return lines;
};

/**
 * Drops joined rows as a file of the drop zone, once for each window: what somebody dropped there before dying stays, and
 * counts. Gives its key and its rows.
 */
export const dropTrainingRows = async (
  { model, windowEnd }: { readonly model: string; readonly windowEnd: string },
  training: { readonly filePath: string; readonly rows: number },
  folder: string,
  { objects }: Needs,
): Promise<{ readonly trainingKey: string; readonly trainingRows: number }> => {
  const trainingKey = objectKeys.incoming(
    model,
    `${fromLabelsFolder}${windowEnd.replaceAll(':', '')}.jsonl.gz`,
  );
  const { created } = await objects.putIfAbsent(trainingKey, { filePath: training.filePath });
  if (created) return { trainingKey, trainingRows: training.rows };
  const before = path.join(folder, 'dropped-before.jsonl.gz');
  await objects.download(trainingKey, before);
  return { trainingKey, trainingRows: await countLines(before) };
};
