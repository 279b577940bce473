import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { readColumnTable } from '../../lib/adapters/duckdb/read-column-table.ts';
import { ModelSpec, type ResolvedColumn, type ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import type { TrainingJob } from '../../lib/ports/trainer.ts';

const penguinsFile = path.resolve(import.meta.dirname, '../../node_modules/vega-datasets/data/penguins.json');

export interface PenguinStory {
  readonly kind?: 'boosted-trees' | 'linear';
  /** SQL over the raw columns: the rows there are. */
  readonly where?: string;
  readonly rounds?: number;
  /** @default true */
  readonly hasEarlyStopping?: boolean;
}

const features: readonly Pick<ResolvedColumn, 'name' | 'kind'>[] = [
  { name: 'island', kind: 'category' },
  { name: 'billLength', kind: 'number' },
  { name: 'billDepth', kind: 'number' },
  { name: 'flipper', kind: 'number' },
  { name: 'mass', kind: 'number' },
  { name: 'sex', kind: 'category' },
];

export const resolvedPenguins = ({
  kind = 'boosted-trees',
  rounds = 30,
  hasEarlyStopping = true,
}: PenguinStory): ResolvedSpec => ({
  spec: ModelSpec.parse({
    name: 'penguins',
    task: 'multiclass',
    target: 'species',
    trainer:
      kind === 'linear'
        ? { kind }
        : {
            kind,
            rounds,
            minRowsPerLeaf: 5,
            ...(!hasEarlyStopping && { earlyStoppingRounds: rounds }),
          },
  }),
  columns: features.map((column) => ({ ...column, role: 'feature', because: 'the story says so' })),
  targetName: 'species',
  classes: ['Adelie', 'Chinstrap', 'Gentoo'],
});

const penguinSql = `SELECT "Species" AS __target, "Island" AS island, "Beak Length (mm)"::DOUBLE AS "billLength",
  "Beak Depth (mm)"::DOUBLE AS "billDepth", "Flipper Length (mm)"::DOUBLE AS flipper,
  "Body Mass (g)"::DOUBLE AS mass, nullif("Sex", '.') AS sex, row_number() OVER () % 4 AS part
  FROM read_json('${penguinsFile}')`;

/** A job over the penguins under `folder`: a quarter of them for validation, fresh folders for each call. */
export const penguinJob = async (folder: string, story: PenguinStory = {}): Promise<TrainingJob> => {
  const datasetFolder = mkdtempSync(path.join(folder, 'dataset-'));
  const artifactFolder = mkdtempSync(path.join(folder, 'artifact-'));
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const where = story.where?.replaceAll('species', '__target') ?? 'true';
  for (const [name, part] of Object.entries({ train: 'part > 0', validation: 'part = 0' }))
    await connection.run(
      `COPY (SELECT * EXCLUDE (part) FROM (${penguinSql}) WHERE ${part} AND ${where})
       TO '${path.join(datasetFolder, `${name}.parquet`)}' (FORMAT parquet)`,
    );
  connection.closeSync();
  instance.closeSync();
  return {
    runId: 'run-1',
    spec: resolvedPenguins(story),
    datasetFolder,
    artifactFolder,
    seed: 7,
    timeoutSeconds: 60,
  };
};

export const readPenguins = (job: TrainingJob, part: 'train' | 'validation') =>
  readColumnTable(path.join(job.datasetFolder, `${part}.parquet`), job.spec);
