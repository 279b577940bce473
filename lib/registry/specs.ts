import { createHash } from 'node:crypto';
import type { ModelSpec } from '../domain/model-spec/index.ts';
import { keys, lists, ModelRecord, SpecPointer, SpecRevision } from '../domain/registry/index.ts';
import { MillraceError } from '../wire/errors.ts';
import { canonicalJson } from '../wire/json.ts';
import { auditWrite } from './audit.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, toBody, unchangedSince, untilWon } from './records.ts';

export interface ApplySpec {
  readonly spec: ModelSpec;
  readonly by: string;
  /** @default 'model.json was applied' */
  readonly why?: string;
}

/** `unchanged`: the content is that of the revision in force, and nothing was written. */
export interface AppliedSpec {
  readonly change: 'created' | 'changed' | 'unchanged';
  readonly specRevision: SpecRevision;
}

export const modelUnknown = (model: string) =>
  new MillraceError('MODEL_UNKNOWN', `model "${model}" is not registered`, { model });

const currentOf = async (context: RegistryContext, model: string) => {
  const pointer = await find(context.records, keys.specPointer(model), SpecPointer);
  const current =
    pointer && (await find(context.records, keys.specRevision(model, pointer.body.revision), SpecRevision));
  return pointer && current && { pointer, current: current.body };
};

const applySpec = async (context: RegistryContext, request: ApplySpec): Promise<AppliedSpec> => {
  const { spec, by } = request;
  const model = spec.name;
  const sha256 = createHash('sha256')
    .update(canonicalJson(toBody(spec)))
    .digest('hex');
  const before = await currentOf(context, model);
  if (before?.current.sha256 === sha256) return { change: 'unchanged', specRevision: before.current };

  const appliedAt = nowOf(context);
  const revision = (before?.pointer.body.revision ?? 0) + 1;
  const specRevision: SpecRevision = { model, revision, sha256, spec, appliedAt, by };
  const known = await find(context.records, keys.model(model), ModelRecord);
  const modelRecord: ModelRecord = {
    model,
    task: spec.task,
    description: spec.description,
    specRevision: revision,
    createdAt: known?.body.createdAt ?? appliedAt,
    changedAt: appliedAt,
  };
  const why = request.why ?? 'model.json was applied';
  await context.records.transact([
    { ...keys.specPointer(model), body: { revision, sha256 }, condition: unchangedSince(before?.pointer) },
    { ...keys.specRevision(model, revision), body: toBody(specRevision), condition: 'absent' },
    { ...keys.model(model), body: toBody(modelRecord) },
    auditWrite(context, { model, action: 'spec-applied', by, why, details: { revision, sha256 } }),
  ]);
  return { change: before ? 'changed' : 'created', specRevision };
};

/** Models and what model.json said of them, revision by revision. */
export const specRegistry = (context: RegistryContext) => ({
  /** Puts a spec in force as a new revision, unless it says what the one in force says. */
  applySpec: (request: ApplySpec): Promise<AppliedSpec> => untilWon(() => applySpec(context, request)),

  /** The spec in force, `undefined` for a model nobody has described yet. */
  findSpec: async (model: string): Promise<SpecRevision | undefined> =>
    (await currentOf(context, model))?.current,

  /** The spec in force, or a named revision. Throws MODEL_UNKNOWN. */
  getSpec: async (model: string, revision?: number): Promise<SpecRevision> => {
    const found =
      revision === undefined
        ? (await currentOf(context, model))?.current
        : (await find(context.records, keys.specRevision(model, revision), SpecRevision))?.body;
    if (found === undefined) throw modelUnknown(model);
    return found;
  },

  /** Newest first. */
  listSpecs: (model: string): Promise<readonly SpecRevision[]> =>
    listAll(context.records, { partition: lists.specs(model), direction: 'descending' }, SpecRevision),

  listModels: (): Promise<readonly ModelRecord[]> =>
    listAll(context.records, { partition: lists.models }, ModelRecord),

  /** Throws MODEL_UNKNOWN. */
  getModel: async (model: string): Promise<ModelRecord> => {
    const found = await find(context.records, keys.model(model), ModelRecord);
    if (found === undefined) throw modelUnknown(model);
    return found.body;
  },
});
