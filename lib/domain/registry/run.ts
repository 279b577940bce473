import * as z from 'zod';
import { ChallengerPath } from '../gates/index.ts';
import { Json } from './json.ts';

export const RunTrigger = z.object({
  kind: z.enum([
    'new-data',
    'spec-change',
    'imported-model',
    'drift',
    'quality',
    'schedule',
    'manual',
    'reproduce',
  ]),
  by: z.string(),
  why: z.string(),
});
export type RunTrigger = z.infer<typeof RunTrigger>;

/** `rejected`: a gate or a person said no. `refused`: the data or the request was not fit to train on. */
export const runEnds = ['succeeded', 'rejected', 'refused', 'failed'] as const;
export type RunEnd = (typeof runEnds)[number];

export const RunFacts = z.object({
  executionId: z.string().optional(),
  batchId: z.string().optional(),
  /** Batches that waited for an earlier run to end and are trained on as well, oldest first. */
  otherBatchIds: z.array(z.string()).optional(),
  specRevision: z.int().optional(),
  datasetVersion: z.string().optional(),
  codeVersion: z.string().optional(),
  seed: z.int().optional(),
  trainer: z.string().optional(),
  parameters: z.record(z.string(), Json).optional(),
  /** The few numbers a table of runs shows; all of them are in metrics.json. */
  metrics: z.record(z.string(), z.number()).optional(),
  /** Where G0 to G3 led; absent where no version served to be compared with. */
  challengerPath: ChallengerPath.optional(),
  /** The version that served when it was judged; absent where none did. */
  comparedWith: z.int().optional(),
  artifactSha256: z.string().optional(),
  modelVersion: z.int().optional(),
  approvalId: z.string().optional(),
});
/** What becomes known while a run goes on: together, all that is needed to repeat it. */
export type RunFacts = z.infer<typeof RunFacts>;

export const Run = RunFacts.extend({
  runId: z.string(),
  model: z.string(),
  trigger: RunTrigger,
  status: z.enum(['running', ...runEnds]),
  /** How it ended, in words. */
  outcome: z.string().optional(),
  errorCode: z.string().optional(),
  durationsMs: z.record(z.string(), z.number()),
  startedAt: z.string(),
  finishedAt: z.string().optional(),
});
export type Run = z.infer<typeof Run>;

/** Facts a run needs before it can be trained again to the same bytes. */
const neededToRepeat = ['specRevision', 'datasetVersion', 'codeVersion', 'seed', 'artifactSha256'] as const;

/** The facts that are missing to repeat a run; none: it is reproducible. */
export const missingToRepeat = (run: Run): readonly string[] =>
  neededToRepeat.filter((fact) => run[fact] === undefined);
