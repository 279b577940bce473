import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Services } from '../../lambdas/services.ts';
import { readColumnTable } from '../adapters/duckdb/read-column-table.ts';
import { rehearseModel } from '../adapters/onnx-runtime/rehearse-model.ts';
import { examineModel, type Finding } from '../domain/doctor/index.ts';
import type { ResolvedSpec } from '../domain/model-spec/index.ts';
import type { Signature } from '../domain/signature/index.ts';
import { MillraceError } from '../wire/errors.ts';
import { objectKeys } from '../wire/object-keys.ts';

/** As `adopt-model` does with a dropped one: enough rows to see that they do not depend on each other. */
const rehearsalRows = 16;

/** What the owner says of the model, in a `signature.json` beside it. */
const readSidecar = async (file: string): Promise<Partial<Signature> | undefined> => {
  const beside = path.join(path.dirname(file), 'signature.json');
  return existsSync(beside) ? JSON.parse(await readFile(beside, 'utf8')) : undefined;
};

/** The file by itself: format, versions, operators, tensors. */
export const examineAlone = async (file: string): Promise<readonly Finding[]> =>
  examineModel(await readFile(file)).findings;

/** The file against the columns of a model, and run on rows of its latest dataset. Throws MODEL_UNKNOWN, RUN_INCOMPLETE. */
export const examineFor = async (
  file: string,
  model: string,
  services: Pick<Services, 'objects' | 'registry' | 'withScratchFolder'>,
): Promise<readonly Finding[]> => {
  const bytes = await readFile(file);
  await services.registry.getModel(model);
  const [dataset] = await services.registry.listDatasets(model, { limit: 1 });
  if (dataset === undefined)
    throw new MillraceError('RUN_INCOMPLETE', `"${model}" has no dataset yet to hold the file against`, {
      model,
    });
  return services.withScratchFolder(async (folder) => {
    for (const name of ['test.parquet', 'model.resolved.json'] as const)
      await services.objects.download(
        objectKeys.dataset(model, dataset.datasetVersion, name),
        path.join(folder, name),
      );
    const resolved: ResolvedSpec = JSON.parse(
      await readFile(path.join(folder, 'model.resolved.json'), 'utf8'),
    );
    const sidecar = await readSidecar(file);
    const { signature, findings } = examineModel(bytes, { resolved, ...(sidecar && { sidecar }) });
    if (signature === undefined) return findings;
    const { table } = await readColumnTable(path.join(folder, 'test.parquet'), resolved, {
      limit: rehearsalRows,
    });
    return [...findings, ...(await rehearseModel(bytes, signature, table))];
  });
};
