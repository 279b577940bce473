import * as z from 'zod';
import type { DatasetProfile } from '../../lib/domain/dataset/index.ts';
import { type Evaluation, evaluate, parseEvaluation, priorsOf } from '../../lib/domain/evaluation/index.ts';
import { seededRandom } from '../../lib/domain/random/index.ts';
import { renderReport } from '../../lib/domain/report/index.ts';
import { MillraceError } from '../../lib/wire/errors.ts';
import type { Step } from '../../lib/wire/house.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { goldenRows, type Replay, replayGoldenRows } from '../golden-rows.ts';
import { measured } from '../measured.ts';
import { putOnce } from '../put-once.ts';
import type { Services } from '../services.ts';
import { challenge } from './challenge.ts';
import { type OpenChampion, openChampion } from './champion-answers.ts';
import { headline } from './headline.ts';
import { type EvaluationCase, loadCase } from './load-case.ts';
import { offerGoldenSet } from './offer-golden-set.ts';
import { reportFacts } from './report-facts.ts';
import { writeBaseline } from './write-baseline.ts';

const Input = z.object({ model: z.string(), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<
  Services,
  'objects' | 'registry' | 'clock' | 'withScratchFolder' | 'dataEngine' | 'onProgress' | 'signal'
>;

export interface Evaluated {
  readonly verdict: Evaluation['verdict'];
}

/** From the first to the last event of the rows kept. */
const timeSpan = ({ columns }: DatasetProfile, eventTime: string | undefined) => {
  const column = columns.find(({ name }) => name === eventTime);
  if (column?.kind !== 'datetime' || column.min === null || column.max === null) return {};
  return { from: column.min, to: column.max };
};

/** Metrics, absolute gates, importance and champion of a case. */
const evaluateCase = async (
  input: Input,
  { datasetVersion, resolved, quality, profile, signature, model, train, test }: EvaluationCase,
  open: OpenChampion | undefined,
  services: Needs,
): Promise<{ readonly evaluation: Evaluation; readonly golden: string }> => {
  const { spec } = resolved;
  const random = seededRandom(spec.trainer.seed);
  const dataset = await services.registry.findDataset(input.model, datasetVersion);
  const predictions = await model.run(test.table);
  services.signal?.throwIfAborted();
  const champion = await open?.answer({ rows: test, name: 'test rows', classes: resolved.classes });
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
      predict: (table) => {
        services.signal?.throwIfAborted();
        return model.run(table);
      },
      columns: signature.columns.map(({ name }) => name),
      random: () => random.next(),
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

/** The serving code must give the golden answers, or the version is not registered. Throws PARITY_FAILED. */
const requireParity = async (golden: string, { model, signature }: EvaluationCase): Promise<Replay> => {
  const replay = await replayGoldenRows(golden, model, signature);
  if (replay.isSame) return replay;
  throw new MillraceError('PARITY_FAILED', `through the serving code, ${replay.because}`);
};

/** A case against its absolute gates and, where a version serves, against that version. */
const evaluateBeside = async (
  input: Input,
  folder: string,
  subject: EvaluationCase,
  services: Needs,
): Promise<{ readonly evaluation: Evaluation; readonly golden: string }> => {
  const champion = await openChampion(input.model, services);
  try {
    const { evaluation, golden } = await evaluateCase(input, subject, champion, services);
    services.signal?.throwIfAborted();
    const replay = await requireParity(golden, subject);
    services.signal?.throwIfAborted();
    if (champion === undefined) return { evaluation, golden };
    const challenger = await challenge(input, folder, subject, { champion, replay }, services);
    return { evaluation: { ...evaluation, challenger }, golden };
  } finally {
    await champion?.release();
  }
};

/**
 * What the first to come this far has said. Measured again after a crash, on a machine that is busy, or against a golden set
 * frozen since, it might be something else than the report and the run tell.
 */
const standing = async (
  { model, runId }: Input,
  evaluation: Evaluation,
  { objects }: Needs,
): Promise<Evaluation> => {
  const key = objectKeys.run(model, runId, 'metrics.json');
  await putOnce(objects, key, JSON.stringify(evaluation, null, 2));
  return parseEvaluation(JSON.parse(new TextDecoder().decode(await objects.get(key))));
};

const judge = async (input: Input, folder: string, services: Needs): Promise<Evaluated> => {
  const { objects, registry, onProgress, signal } = services;
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
    const { evaluation: measuredNow, golden } = await evaluateBeside(input, folder, subject, services);
    signal?.throwIfAborted();
    const evaluation = await standing(input, measuredNow, services);
    await writeBaseline(input, folder, { ...subject, importance: evaluation.importance }, services);
    signal?.throwIfAborted();
    onProgress({ model, runId, phase: 'evaluate', fraction: 0.7, message: 'drawing the report' });
    const report = await renderReport(evaluation, await reportFacts(input, subject, services));
    signal?.throwIfAborted();
    await offerGoldenSet(input, folder, subject, services);
    await putOnce(objects, objectKeys.run(model, runId, 'golden.jsonl'), golden);
    await putOnce(objects, objectKeys.run(model, runId, 'report.html'), report);
    const challengerPath = evaluation.challenger?.path;
    const comparedWith = evaluation.champion?.version;
    await registry.noteRun(runId, {
      metrics: headline(evaluation),
      ...(challengerPath && { challengerPath }),
      ...(comparedWith !== undefined && { comparedWith }),
    });
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
