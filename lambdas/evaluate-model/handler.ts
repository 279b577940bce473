import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { readColumnTable } from '../../lib/adapters/duckdb/read-column-table.ts';
import { type OpenModel, openModel } from '../../lib/adapters/onnx-runtime/open-model.ts';
import type { DatasetProfile, QualityReport } from '../../lib/domain/dataset/index.ts';
import { type Evaluation, evaluate, priorsOf } from '../../lib/domain/evaluation/index.ts';
import type { ResolvedSpec } from '../../lib/domain/model-spec/index.ts';
import { seededRandom } from '../../lib/domain/random/index.ts';
import { renderReport } from '../../lib/domain/report/index.ts';
import { readSignature, type Signature } from '../../lib/domain/signature/index.ts';
import { MillraceError } from '../../lib/wire/errors.ts';
import type { Step } from '../../lib/wire/house.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { goldenRows, parityTolerance, replayGoldenRows } from '../golden-rows.ts';
import { measured } from '../measured.ts';
import { missingRunFact } from '../missing-run-fact.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';
import { championAnswers } from './champion-answers.ts';
import type { LabelledTable } from './labelled-table.ts';
import { reportFacts } from './report-facts.ts';

const Input = z.object({ model: z.string(), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<
  Services,
  'objects' | 'registry' | 'clock' | 'withScratchFolder' | 'dataEngine' | 'onProgress'
>;

export interface Evaluated {
  readonly verdict: Evaluation['verdict'];
}

/** What is on the table: the run's model, open, and the rows it is judged on. */
interface Case {
  readonly resolved: ResolvedSpec;
  readonly quality: QualityReport;
  readonly profile: DatasetProfile;
  readonly signature: Signature;
  readonly model: OpenModel;
  readonly train: LabelledTable;
  readonly test: LabelledTable;
}

const loadCase = async (
  { model, runId }: Input,
  folder: string,
  { objects, registry }: Needs,
): Promise<Case> => {
  const { datasetVersion = missingRunFact(runId, 'datasetVersion'), specRevision } =
    await registry.getRun(runId);
  const place = (name: string) => path.join(folder, name);
  for (const name of [
    'train.parquet',
    'test.parquet',
    'model.resolved.json',
    'quality.json',
    'profile.json',
  ] as const)
    await objects.download(objectKeys.dataset(model, datasetVersion, name), place(name));
  const stored: ResolvedSpec = JSON.parse(await readFile(place('model.resolved.json'), 'utf8'));
  const resolved = { ...stored, spec: (await registry.getSpec(model, specRevision)).spec };
  const signature = readSignature(await objects.get(objectKeys.run(model, runId, 'signature.json')));
  return {
    resolved,
    quality: JSON.parse(await readFile(place('quality.json'), 'utf8')),
    profile: JSON.parse(await readFile(place('profile.json'), 'utf8')),
    signature,
    model: await openModel(await objects.get(objectKeys.run(model, runId, 'model.onnx')), signature),
    train: await readColumnTable(place('train.parquet'), resolved, { columns: [] }),
    test: await readColumnTable(place('test.parquet'), resolved),
  };
};

/** From the first to the last event of the rows kept. */
const timeSpan = ({ columns }: DatasetProfile, eventTime: string | undefined) => {
  const column = columns.find(({ name }) => name === eventTime);
  if (column?.kind !== 'datetime' || column.min === null || column.max === null) return {};
  return { from: column.min, to: column.max };
};

/** Metrics, gates, importance and champion of a case. */
const evaluateCase = async (
  input: Input,
  { resolved, quality, profile, signature, model, train, test }: Case,
  services: Needs,
): Promise<{ readonly evaluation: Evaluation; readonly golden: string }> => {
  const { spec } = resolved;
  const { datasetVersion = '' } = await services.registry.getRun(input.runId);
  const dataset = await services.registry.findDataset(input.model, datasetVersion);
  const predictions = await model.run(test.table);
  const champion = await championAnswers(input.model, { test, classes: resolved.classes }, services);
  const evaluation = await evaluate({
    task: spec.task,
    ...(resolved.positiveClass !== undefined && { positiveClass: resolved.positiveClass }),
    truth: test.target,
    predictions,
    ...(champion && { champion }),
    trainingPriors: priorsOf(train.target),
    gates: spec.gates,
    table: test.table,
    importance: {
      predict: (table) => model.run(table),
      columns: signature.columns.map(({ name }) => name),
      random: stream(spec.trainer.seed),
    },
    data: {
      datasetVersion,
      rowsIn: quality.rows.in,
      rowsKept: quality.rows.kept,
      rowsQuarantined: quality.rows.quarantined,
      trainRows: train.table.rows,
      ...(dataset && { validationRows: dataset.rows.validation }),
      testRows: test.table.rows,
      ...timeSpan(profile, spec.eventTime),
    },
  });
  return { evaluation, golden: goldenRows(test.table, predictions, signature) };
};

const stream = (seed: number): (() => number) => {
  const random = seededRandom(seed);
  return () => random.next();
};

/** The serving code must give the golden answers, or the version is not registered. Throws PARITY_FAILED. */
const requireParity = async (golden: string, { model, signature }: Case): Promise<void> => {
  const { rows, largestDifference } = await replayGoldenRows(golden, model, signature);
  if (rows === 0 || !(largestDifference <= parityTolerance))
    throw new MillraceError(
      'PARITY_FAILED',
      `${rows} golden rows sent through the serving code differ by up to ${largestDifference}, allowed ${parityTolerance}`,
    );
};

/** The numbers that tables of runs and versions show. */
const headline = ({ metrics, primary, task }: Evaluation): Record<string, number> => {
  const names =
    task === 'regression' ? [primary.name, 'mae', 'r2'] : [primary.name, 'auc', 'accuracy', 'f1', 'logLoss'];
  const shown = [...new Set(names)].flatMap((name) =>
    typeof metrics[name] === 'number' ? [[name, metrics[name]] as const] : [],
  );
  return Object.fromEntries(shown);
};

const judge = async (input: Input, folder: string, services: Needs): Promise<Evaluated> => {
  const { objects, registry, onProgress } = services;
  const { model, runId } = input;
  const subject = await loadCase(input, folder, services);
  try {
    onProgress({
      model,
      runId,
      phase: 'evaluate',
      fraction: 0.1,
      message: `${subject.test.table.rows} held-out rows`,
    });
    const { evaluation, golden } = await evaluateCase(input, subject, services);
    await requireParity(golden, subject);
    onProgress({ model, runId, phase: 'evaluate', fraction: 0.7, message: 'drawing the report' });
    const report = await renderReport(evaluation, await reportFacts(input, subject, services));
    await putOnce(objects, objectKeys.run(model, runId, 'golden.jsonl'), golden);
    await putOnce(objects, objectKeys.run(model, runId, 'report.html'), report);
    await putOnce(objects, objectKeys.run(model, runId, 'metrics.json'), JSON.stringify(evaluation, null, 2));
    await registry.noteRun(runId, { metrics: headline(evaluation) });
    onProgress({ model, runId, phase: 'evaluate', fraction: 1 });
    return { verdict: evaluation.verdict };
  } finally {
    await subject.model.release();
  }
};

/** Measures a run's model on the held-out rows, against its gates, the baseline and the champion; writes metrics and report. */
export const run = (input: Input, services: Needs): Promise<Evaluated> =>
  measured('evaluate', input.runId, services, () =>
    services.withScratchFolder((folder) => judge(input, folder, services)),
  );

export const step: Step<typeof Input, Needs, Evaluated> = { input: Input, run };
