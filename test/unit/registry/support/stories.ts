import { createHash } from 'node:crypto';
import { ModelSpec } from '../../../../lib/domain/model-spec/index.ts';
import type { NewVersion, Registry, RequestApproval } from '../../../../lib/registry/index.ts';

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

export const penguinSpec = (changes: object = {}): ModelSpec =>
  ModelSpec.parse({ name: 'penguins', task: 'multiclass', target: 'species', ...changes });

/** A file in the drop zone of penguins, its content told by the etag. */
export const dropped = (name: string, etag = 'first') => ({
  model: 'penguins',
  key: `incoming/penguins/${name}`,
  etag,
  sizeBytes: 1000,
});

export const trainedBy = (runId: string): NewVersion => ({
  model: 'penguins',
  runId,
  task: 'multiclass',
  trainer: 'boosted-trees',
  artifactSha256: sha256Of(runId),
  artifactKey: `models/penguins/by-run/${runId}/model.onnx`,
  signatureKey: `models/penguins/by-run/${runId}/signature.json`,
  files: {},
  metrics: { accuracy: 0.97 },
  specRevision: 1,
  codeVersion: '0.1.0',
});

export const questionAbout = (version: number, runId = `run-${version}`): RequestApproval => ({
  approvalId: runId,
  model: 'penguins',
  version,
  runId,
  taskToken: `token-of-${runId}`,
  timeoutHours: 72,
  summary: `version ${version} passed its gates`,
  evidence: { report: `models/penguins/${version}/report.html` },
});

/** Registers the version of a run, unapproved. */
export const registered = async (registry: Registry, runId: string): Promise<number> =>
  (await registry.registerVersion(trainedBy(runId))).version.version;

/** Registers `count` versions and has Ada approve each: 1, 2, … */
export const approvedVersions = async (registry: Registry, count: number): Promise<void> => {
  for (let number = 1; number <= count; number += 1) {
    const version = await registered(registry, `run-${number}`);
    await registry.requestApproval(questionAbout(version));
    await registry.decideApproval({
      approvalId: `run-${version}`,
      decision: 'approved',
      by: 'Ada',
      reason: 'good on every island',
    });
  }
};

/** Promotes the versions one after the other. */
export const promotedInTurn = async (registry: Registry, ...versions: readonly number[]): Promise<void> => {
  for (const version of versions) {
    const { revision } = await registry.getRoute('penguins');
    await registry.promote({
      model: 'penguins',
      version,
      expectedRevision: revision,
      by: 'roll-out',
      why: 'every step was healthy',
    });
  }
};
