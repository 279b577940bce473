import * as z from 'zod';
import { parseEvaluation } from '../../lib/domain/evaluation/index.ts';
import { whoIsAsked } from '../../lib/domain/gates/index.ts';
import { buildLineage } from '../../lib/domain/lineage/index.ts';
import type { Step } from '../../lib/wire/house.ts';
import { type ModelObject, objectKeys } from '../../lib/wire/object-keys.ts';
import { missingRunFact } from '../missing-run-fact.ts';
import { putOnce } from '../put-once.ts';
import { boundedReasons } from '../reasons.ts';
import type { Services } from '../services.ts';

const Input = z.object({ model: z.string(), runId: z.string() });
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'objects' | 'registry' | 'codeVersion'>;

export interface Registered {
  readonly version: number;
  readonly verdict: 'passed' | 'failed' | 'unknown';
  /** The gates that were not passed, each with its reason. */
  readonly because: readonly string[];
  /** Every gate passed; or a conflict or what could not be judged, and a person is there to judge. */
  readonly mayBeAsked: boolean;
  /** It is better on recent rows and not shown to be as good on trusted ones: no policy may let it pass. */
  readonly isConflict: boolean;
  readonly approvalTimeoutSeconds: number;
}

const files: readonly ModelObject[] = [
  'model.onnx',
  'signature.json',
  'training.json',
  'metrics.json',
  'report.html',
  'golden.jsonl',
  'baseline.json',
  'statistics.json',
  'constraints.json',
];

const readJson = async (key: string, { objects }: Needs): Promise<unknown> =>
  JSON.parse(new TextDecoder().decode(await objects.get(key)));

/** Gives the files there are: a brought model has no training.json, one without validation rows no baseline.json. */
const copyFiles = async (
  { model, runId }: Input,
  version: number,
  { objects }: Needs,
): Promise<ReadonlySet<ModelObject>> => {
  const copied = new Set<ModelObject>();
  for (const name of files) {
    const from = objectKeys.run(model, runId, name);
    if ((await objects.head(from)) === undefined) continue;
    await putOnce(objects, objectKeys.version(model, version, name), await objects.get(from));
    copied.add(name);
  }
  return copied;
};

const writeLineage = async ({ model, runId }: Input, version: number, services: Needs): Promise<void> => {
  const { objects, registry, codeVersion } = services;
  const run = await registry.getRun(runId);
  const {
    datasetVersion = missingRunFact(runId, 'datasetVersion'),
    artifactSha256 = missingRunFact(runId, 'artifactSha256'),
  } = run;
  const [dataset, spec, route] = await Promise.all([
    registry.findDataset(model, datasetVersion),
    registry.getSpec(model, run.specRevision),
    registry.getRoute(model),
  ]);
  const champion =
    route.champion === undefined ? undefined : await registry.getVersion(model, route.champion);
  const lineage = buildLineage({
    version,
    dataset: dataset ?? missingRunFact(runId, 'dataset'),
    spec,
    run: { ...run, trainer: run.trainer ?? 'brought', codeVersion: run.codeVersion ?? codeVersion },
    artifact: { key: objectKeys.version(model, version, 'model.onnx'), sha256: artifactSha256 },
    ...(champion && { comparedWith: { version: champion.version, artifactSha256: champion.artifactSha256 } }),
  });
  await putOnce(
    objects,
    objectKeys.version(model, version, 'lineage.json'),
    JSON.stringify(lineage, null, 2),
  );
};

/** Writes a run's model as an immutable version with its files and lineage; what the gates said goes with it. */
export const run = async (input: Input, services: Needs): Promise<Registered> => {
  const { registry } = services;
  const { model, runId } = input;
  const [record, evaluation] = await Promise.all([
    registry.getRun(runId),
    readJson(objectKeys.run(model, runId, 'metrics.json'), services).then(parseEvaluation),
  ]);
  const { revision, spec } = await registry.getSpec(model, record.specRevision);
  const version = await registry.reserveVersion({ model, runId });
  const copied = await copyFiles(input, version, services);
  await writeLineage(input, version, services);
  const keyOf = (name: ModelObject) => objectKeys.version(model, version, name);
  await registry.registerVersion({
    model,
    runId,
    task: spec.task,
    trainer: record.trainer ?? 'brought',
    artifactSha256: record.artifactSha256 ?? missingRunFact(runId, 'artifactSha256'),
    artifactKey: keyOf('model.onnx'),
    signatureKey: keyOf('signature.json'),
    files: {
      report: keyOf('report.html'),
      metrics: keyOf('metrics.json'),
      golden: keyOf('golden.jsonl'),
      lineage: keyOf('lineage.json'),
      ...(copied.has('baseline.json') && { baseline: keyOf('baseline.json') }),
      ...(copied.has('statistics.json') && { statistics: keyOf('statistics.json') }),
      ...(copied.has('constraints.json') && { constraints: keyOf('constraints.json') }),
    },
    metrics: record.metrics ?? {},
    datasetVersion: record.datasetVersion,
    specRevision: revision,
    codeVersion: record.codeVersion ?? services.codeVersion,
    seed: record.seed,
  });
  await registry.noteRun(runId, { modelVersion: version });
  const { verdict } = evaluation;
  const asked = whoIsAsked(evaluation, spec.approval.policy);
  const notPassed = evaluation.gates
    .filter((gate) => gate.status !== 'pass')
    .map((gate) => `${gate.title}: ${gate.because}`);
  return {
    version,
    verdict,
    because: boundedReasons([...notPassed, ...(evaluation.challenger?.because ?? [])]),
    mayBeAsked: asked !== 'nobody',
    isConflict: evaluation.challenger?.path === 'conflict',
    approvalTimeoutSeconds: Math.ceil(spec.approval.timeoutHours * 3600),
  };
};

export const step: Step<typeof Input, Needs, Registered> = { input: Input, run };
