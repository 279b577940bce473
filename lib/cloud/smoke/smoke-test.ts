import type { Approval, ApprovalDecision } from '../../domain/approval/index.ts';
import type { Run } from '../../domain/registry/index.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Ids } from '../../ports/ids.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import type { Registry } from '../../registry/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { objectKeys } from '../../wire/object-keys.ts';
import { type Answered, compareAnswers } from './compare-answers.ts';
import { waitFor } from './wait-for.ts';

export interface SmokeStage {
  readonly objects: ObjectStore;
  readonly registry: Registry;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly decide: (decision: ApprovalDecision) => Promise<Approval>;
  /** Asks the endpoint, with the key made for it where the front door takes keys. */
  readonly ask: (
    model: string,
    rows: readonly object[],
    apiKey: string | undefined,
  ) => Promise<readonly Answered[]>;
  readonly takesKeys: boolean;
  /** Removes the alarms and the registry's entry of a model, so that nobody monitors it any more. */
  readonly forget: (model: string) => Promise<void>;
}

export interface SmokeRequest {
  /** A model.json without its name, and the data that fits it. */
  readonly spec: Readonly<Record<string, unknown>>;
  readonly dataFile: string;
  /** Named in decisions and on the key. */
  readonly by: string;
  readonly tell: (text: string) => void;
}

export interface SmokeResult {
  readonly model: string;
  readonly runId: string;
  readonly version: number;
  readonly comparedRows: number;
  readonly largestDifference: number;
  readonly seconds: number;
}

const drop = async (model: string, { spec, dataFile }: SmokeRequest, { objects }: SmokeStage) => {
  const name = dataFile.split(/[/\\]/).at(-1) ?? 'data';
  const put = (file: string, body: string | { readonly filePath: string }) =>
    objects.putIfAbsent(objectKeys.incoming(model, file), body);
  await put('model.json', JSON.stringify({ ...spec, name: model }));
  await put(name, { filePath: dataFile });
  await put('_SUCCESS', '');
};

/** A run that ended before anybody was asked has failed the test. */
const requireGoingOn = ({ runId, status, outcome, errorCode }: Run) => {
  if (status === 'running') return;
  throw new MillraceError(
    'SMOKE_FAILED',
    `the run ${runId} ended as ${status}${errorCode ? ` (${errorCode})` : ''}: ${outcome ?? 'no reason is on record'}`,
    { runId },
  );
};

const waitForQuestion = async (
  model: string,
  { registry, clock }: SmokeStage,
  tell: SmokeRequest['tell'],
): Promise<Approval> => {
  let run: Run | undefined;
  const told = new Set<string>();
  return waitFor(
    async () => {
      const pending = await registry.listPendingApprovals();
      const question = pending.find((approval) => approval.model === model);
      [run] = await registry.listRuns(model, { limit: 1 });
      for (const [step, ms] of Object.entries(run?.durationsMs ?? {}))
        if (!told.has(step)) {
          told.add(step);
          tell(`  ${step}: ${(ms / 1000).toFixed(1)} s`);
        }
      if (question === undefined && run !== undefined) requireGoingOn(run);
      return question;
    },
    {
      clock,
      minutes: 20,
      otherwise: () =>
        run === undefined
          ? `no run has taken up what was dropped under incoming/${model}/: look at the log of receive-object, the dead-letter queue and the executions of collect-batch`
          : `the run ${run.runId} has not asked for approval: look at its execution of train-and-promote`,
    },
  );
};

/** The endpoint reads a pointer again after five seconds, and its first request starts a function. */
const askUntilServed = (
  model: string,
  rows: readonly object[],
  { ask, clock }: SmokeStage,
  apiKey: string | undefined,
): Promise<readonly Answered[]> => {
  let fault: unknown;
  return waitFor(
    async () => {
      try {
        return await ask(model, rows, apiKey);
      } catch (error) {
        fault = error;
        if (error instanceof MillraceError && error.name === 'PREDICTION_INPUT_INVALID') throw error;
        return undefined;
      }
    },
    {
      clock,
      minutes: 2,
      otherwise: () =>
        `the endpoint has not answered: ${fault instanceof Error ? fault.message : String(fault)}`,
    },
  );
};

const predictAndCompare = async (
  model: string,
  version: number,
  stage: SmokeStage,
  { by, tell }: SmokeRequest,
) => {
  const { objects, registry, clock } = stage;
  const read = (name: 'golden.jsonl' | 'signature.json') =>
    objects.get(objectKeys.version(model, version, name));
  const [golden, signature] = await Promise.all([read('golden.jsonl'), read('signature.json')]);
  const expiresAt = new Date(clock.now() + 3_600_000).toISOString();
  const key = stage.takesKeys
    ? await registry.createApiKey({
        name: `smoke test of ${model}`,
        scopes: ['predict'],
        models: [model],
        expiresAt,
        by,
        why: 'smoke test',
      })
    : undefined;
  try {
    const compared = await compareAnswers(golden, signature, (rows) =>
      askUntilServed(model, rows, stage, key?.text),
    );
    tell(
      `  ${compared.rows} golden rows answered over the endpoint, at most ${compared.largestDifference.toExponential(1)} apart`,
    );
    return compared;
  } finally {
    if (key !== undefined)
      await registry.revokeApiKey({ keyId: key.apiKey.keyId, by, why: 'the smoke test is over' });
  }
};

/** An open question of a test that failed would ring as stuck two days later. */
const closeQuestion = async (model: string, { registry, decide }: SmokeStage, by: string) => {
  const pending = await registry.listPendingApprovals();
  for (const { approvalId } of pending.filter((approval) => approval.model === model))
    await decide({ approvalId, decision: 'rejected', by, reason: 'the smoke test is over' });
};

/** Never throws: what the test itself found must not be hidden by what comes after it. */
const tidy = async (model: string, stage: SmokeStage, { by, tell }: SmokeRequest): Promise<void> => {
  try {
    await closeQuestion(model, stage, by);
    await stage.forget(model);
    tell(`${model} is forgotten; its objects stay under incoming/, sources/, datasets/, runs/ and models/`);
  } catch (error) {
    tell(`${model} could not be tidied up: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/**
 * Drives a deployed stage once, as people do: drop, wait for the question, approve, ask, compare with what the model
 * answered when it was registered, to 1e-6. Whatever happens, its key is revoked, its question closed and its model
 * forgotten; objects and the audit stay. Throws SMOKE_FAILED with what did not happen.
 */
export const smokeTest = async (stage: SmokeStage, request: SmokeRequest): Promise<SmokeResult> => {
  const { clock, ids, registry, decide } = stage;
  const { by, tell } = request;
  const startedAt = clock.now();
  const model = `smoke-${ids.next().slice(-10)}`;
  try {
    tell(`dropping data for ${model}`);
    await drop(model, request, stage);
    tell('waiting for the question whether it may go live');
    const { approvalId, runId, version } = await waitForQuestion(model, stage, tell);
    await decide({ approvalId, decision: 'approved', by, reason: 'smoke test' });
    tell(`approved version ${version}; waiting until it serves`);
    await waitFor(async () => ((await registry.getRoute(model)).champion === version ? true : undefined), {
      clock,
      minutes: 10,
      otherwise: () => `version ${version} does not serve: look at the execution of roll-out for ${model}`,
    });
    tell('asking the endpoint');
    const { rows: comparedRows, largestDifference } = await predictAndCompare(model, version, stage, request);
    const seconds = Math.round((clock.now() - startedAt) / 1000);
    return { model, runId, version, comparedRows, largestDifference, seconds };
  } finally {
    await tidy(model, stage, request);
  }
};
