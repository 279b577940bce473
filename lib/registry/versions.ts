import {
  keys,
  lists,
  ModelVersion,
  stageOf,
  Verdict,
  VersionClaim,
  VersionCounter,
  type VersionStage,
} from '../domain/registry/index.ts';
import { noRoute, Reign, Route } from '../domain/routing/index.ts';
import type { RecordWrite } from '../ports/record-store.ts';
import { MillraceError } from '../wire/errors.ts';
import { auditWrite } from './audit.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, toBody, unchangedSince, untilWon } from './records.ts';

export type NewVersion = Omit<ModelVersion, 'version' | 'createdAt'>;

export type VersionWithStage = ModelVersion & { readonly stage: VersionStage };

/** The number a run's version has, or will have once `writes` are written. */
const numberFor = async (context: RegistryContext, model: string, runId: string) => {
  const claim = await find(context.records, keys.versionOfRun(runId), VersionClaim);
  if (claim) return { version: claim.body.version, writes: [] };
  const counter = await find(context.records, keys.versionCounter(model), VersionCounter);
  const version = (counter?.body.last ?? 0) + 1;
  const writes: RecordWrite[] = [
    { ...keys.versionCounter(model), body: { last: version }, condition: unchangedSince(counter) },
    { ...keys.versionOfRun(runId), body: { model, version }, condition: 'absent' },
  ];
  return { version, writes };
};

const reserveVersion = async (context: RegistryContext, model: string, runId: string): Promise<number> => {
  const { version, writes } = await numberFor(context, model, runId);
  if (writes.length > 0) await context.records.transact(writes);
  return version;
};

const registerVersion = async (context: RegistryContext, request: NewVersion) => {
  const { model, runId, artifactSha256 } = request;
  const { version, writes } = await numberFor(context, model, runId);
  // A number not yet claimed is free, or another run takes it meanwhile: then the transaction finds a conflict.
  const isClaimed = writes.length === 0;
  const existing = isClaimed && (await find(context.records, keys.version(model, version), ModelVersion));
  if (existing && existing.body.artifactSha256 !== artifactSha256)
    throw new MillraceError(
      'VERSION_IMMUTABLE',
      `run ${runId} registered version ${version} with artifact ${existing.body.artifactSha256}, now it brings ${artifactSha256}`,
      { model, runId, version },
    );
  if (existing) return { isNew: false, version: existing.body };

  const record: ModelVersion = { ...request, version, createdAt: nowOf(context) };
  await context.records.transact([
    ...writes,
    { ...keys.version(model, version), body: toBody(record), condition: 'absent' },
    auditWrite(context, {
      model,
      action: 'version-registered',
      by: 'millrace',
      why: `run ${runId} trained and evaluated it`,
      version,
      runId,
      details: { artifactSha256 },
    }),
  ]);
  return { isNew: true, version: record };
};

export const versionUnknown = (model: string, version: number) =>
  new MillraceError('VERSION_UNKNOWN', `model "${model}" has no version ${version}`, { model, version });

/** Immutable model versions, numbered from 1. */
export const versionRegistry = (context: RegistryContext) => ({
  /** The number a run's version will have, so that its files can be written under it first. The same run, the same number. */
  reserveVersion: (request: { readonly model: string; readonly runId: string }): Promise<number> =>
    untilWon(() => reserveVersion(context, request.model, request.runId)),

  /**
   * Registers the version of a run, under the number reserved for it or the next one. Registered again: the version as
   * it was, `isNew: false`. Throws VERSION_IMMUTABLE when the same run brings another artifact.
   */
  registerVersion: (
    request: NewVersion,
  ): Promise<{ readonly isNew: boolean; readonly version: ModelVersion }> =>
    untilWon(() => registerVersion(context, request)),

  /** Throws VERSION_UNKNOWN. */
  getVersion: async (model: string, version: number): Promise<ModelVersion> => {
    const found = await find(context.records, keys.version(model, version), ModelVersion);
    if (found === undefined) throw versionUnknown(model, version);
    return found.body;
  },

  /** The last word on a version, `undefined` while it waits. */
  findVerdict: async (model: string, version: number): Promise<Verdict | undefined> =>
    (await find(context.records, keys.verdict(model, version), Verdict))?.body,

  /** Newest first, each with the stage that follows from route and verdict. */
  listVersions: async (model: string): Promise<readonly VersionWithStage[]> => {
    const { records } = context;
    const [versions, verdicts, reigns, route] = await Promise.all([
      listAll(records, { partition: lists.versions(model), direction: 'descending' }, ModelVersion),
      listAll(records, { partition: lists.verdicts(model) }, Verdict),
      listAll(records, { partition: lists.reigns(model) }, Reign),
      find(records, keys.route(model), Route),
    ]);
    const verdictOf = new Map(verdicts.map((verdict) => [verdict.version, verdict]));
    const hasReigned = new Set(reigns.map((reign) => reign.version));
    return versions.map((version) => ({
      ...version,
      stage: stageOf(version.version, {
        route: route?.body ?? noRoute,
        verdict: verdictOf.get(version.version),
        hasReigned: hasReigned.has(version.version),
      }),
    }));
  },
});
