import * as z from 'zod';
import { keyMetrics, metricTitle } from '../../lib/domain/evaluation/index.ts';
import { isMillraceError } from '../../lib/wire/errors.ts';
import type { Step } from '../../lib/wire/house.ts';
import { objectKeys } from '../../lib/wire/object-keys.ts';
import { answerWorkflow } from '../answer-workflow.ts';
import { changedChampion } from '../changed-champion.ts';
import { Reasons } from '../reasons.ts';
import type { Services } from '../services.ts';

const Input = z.object({
  model: z.string(),
  runId: z.string(),
  version: z.int().min(1),
  taskToken: z.string().min(1),
  /** Gates that were not passed, each with its reason. */
  doubts: Reasons.default([]),
  /** Better on recent rows, not shown to be as good on the golden set: a person's, whatever the policy. */
  isConflict: z.boolean().default(false),
});
type Input = z.infer<typeof Input>;
type Needs = Pick<Services, 'registry' | 'workflow' | 'notifier' | 'approvalUrl'>;

const judgedAs = ({ doubts, isConflict }: Input): string => {
  if (doubts.length === 0) return 'passed its gates';
  const reasons = doubts.join('; ');
  return isConflict
    ? `is a conflict: better than the champion on the newest rows, but not shown to be as good on the golden set (${reasons})`
    : `could not be judged by every gate (${reasons})`;
};

const summaryOf = (input: Input, metrics: Readonly<Record<string, number>>): string => {
  const shown = keyMetrics(metrics)
    .slice(0, 4)
    .map((name) => `${metricTitle(name)} ${Number(metrics[name]?.toPrecision(4))}`);
  const judged = judgedAs(input);
  return `${input.model} version ${input.version} ${judged}: ${shown.join(', ')}`;
};

const approveByPolicy = async (input: Input, { registry, workflow }: Needs): Promise<void> => {
  const { model, runId, version, taskToken } = input;
  const reason = 'model.json asks for no person (approval.policy is "automatic"), and every gate passed';
  await registry.approveAutomatically({ model, version, runId, why: reason });
  try {
    await workflow.completeTask(taskToken, { decision: 'approved', by: 'approval policy', reason });
  } catch (error) {
    // Done again after a crash: the token has been answered before.
    if (!isMillraceError(error, 'TASK_TOKEN_UNKNOWN')) throw error;
  }
};

/** As people read a moment: 2026-11-24 18:51 UTC. */
const minuteOf = (at: string): string => `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;

const askPeople = async (input: Input, timeoutHours: number, services: Needs): Promise<void> => {
  const { registry, notifier, approvalUrl } = services;
  const { model, runId, version, taskToken } = input;
  const { metrics } = await registry.getVersion(model, version);
  const summary = summaryOf(input, metrics);
  const evidence = {
    report: objectKeys.version(model, version, 'report.html'),
    metrics: objectKeys.version(model, version, 'metrics.json'),
  };
  const approval = await registry.requestApproval({
    approvalId: runId,
    model,
    version,
    runId,
    taskToken,
    timeoutHours,
    summary,
    evidence,
  });
  await registry.noteRun(runId, { approvalId: approval.approvalId });
  if (approval.status !== 'pending') return answerWorkflow(approval, services);
  const url = approvalUrl(approval);
  const command = `run \`npx millrace approve ${model} --reason "…"\` (or reject)`;
  await notifier.notify({
    id: `approval-${approval.approvalId}`,
    kind: 'approval-requested',
    model,
    subject: `${model} version ${version} waits for your decision`,
    text: `${summary}. Decide until ${minuteOf(approval.expiresAt)}: ${url === undefined ? command : `open the link, or ${command}`}.`,
    ...(url !== undefined && { links: [{ title: 'Look at the evidence and decide', url }] }),
  });
};

/** Asks the people, or the policy, whether a version may go live; the task waits under its token meanwhile. */
export const run = async (input: Input, services: Needs): Promise<void> => {
  // The policy the run started under: a model.json changed since must not approve what was to be asked about.
  const run = await services.registry.getRun(input.runId);
  const { spec } = await services.registry.getSpec(input.model, run.specRevision);
  const changed = await changedChampion(run, input.version, services);
  const isForPolicy = spec.approval.policy === 'automatic' && !input.isConflict && changed === undefined;
  if (isForPolicy) return approveByPolicy(input, services);
  const doubts = [...input.doubts, ...(changed === undefined ? [] : [changed])];
  return askPeople({ ...input, doubts }, spec.approval.timeoutHours, services);
};

export const step: Step<typeof Input, Needs, void> = { input: Input, run };
