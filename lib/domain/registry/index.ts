export { Arrival, Batch, BatchGate, isOlderContent, isSameDrop, secondOf } from './arrival.ts';
export { AuditEntry } from './audit-entry.ts';
export { DataSource, DatasetVersion } from './dataset-version.ts';
export { Json } from './json.ts';
export { allModels, byTime, keys, lists } from './keys.ts';
export { ModelRecord, SpecPointer, SpecRevision } from './model-record.ts';
export { ModelVersion, Verdict, VersionClaim, VersionCounter } from './model-version.ts';
export { missingToRepeat, Run, type RunEnd, RunFacts, RunTrigger, runEnds } from './run.ts';
export { stageOf, type VersionStage } from './version-stage.ts';
