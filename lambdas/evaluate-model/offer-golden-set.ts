import path from 'node:path';
import { sampleRows } from '../../lib/adapters/duckdb/sample-rows.ts';
import { sha256OfFile } from '../../lib/adapters/shared/sha256-of-file.ts';
import { minGoldenRows } from '../../lib/domain/gates/index.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { maxSampledRows } from '../freeze-golden-set.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';
import type { GoldenRows } from '../store-golden-set.ts';
import type { EvaluationCase } from './load-case.ts';

/**
 * Lays ready what becomes the golden set when this version serves and the model has none by then: test rows, which no
 * decision of training has seen. Of fewer rows than a loss can be told by there is none.
 */
export const offerGoldenSet = async (
  { model, runId }: { readonly model: string; readonly runId: string },
  folder: string,
  { datasetVersion, resolved, test }: EvaluationCase,
  { objects, registry, signal }: Pick<Services, 'objects' | 'registry' | 'signal'>,
): Promise<void> => {
  if (test.table.rows < minGoldenRows || (await registry.latestGoldenSet(model)) !== undefined) return;
  const outputPath = path.join(folder, 'golden-set.parquet');
  const sampled = await sampleRows({
    inputPath: path.join(folder, 'test.parquet'),
    outputPath,
    seed: resolved.spec.trainer.seed,
    maxRows: maxSampledRows,
    ...(signal && { signal }),
  });
  const offered: GoldenRows = {
    ...sampled,
    sha256: await sha256OfFile(outputPath),
    from: { kind: 'test-rows', of: datasetVersion },
  };
  const keyOf = (name: 'golden-set.parquet' | 'golden-set.json') => objectKeys.run(model, runId, name);
  await putOnce(objects, keyOf('golden-set.parquet'), { filePath: outputPath });
  await putOnce(objects, keyOf('golden-set.json'), JSON.stringify(offered));
};
