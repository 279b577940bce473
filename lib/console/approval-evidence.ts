import type { Approval } from '../domain/approval/index.ts';
import { type Evaluation, parseEvaluation } from '../domain/evaluation/index.ts';
import type { DatasetVersion, Run } from '../domain/registry/index.ts';
import { isMillraceError } from '../wire/errors.ts';
import { newestJudged } from './drift-pages.ts';
import type { ApprovalServices } from './services.ts';

/** What a person should see before deciding. What could not be read is undefined, and the page says so. */
export interface ApprovalEvidence {
  readonly evaluation?: Evaluation;
  readonly run?: Run;
  readonly dataset?: DatasetVersion;
  /** The version that serves by now. */
  readonly champion?: number;
  /** The end of the newest window of the model that the monitor judged: it has a page of its own. */
  readonly driftUntil?: string;
}

/** Missing evidence must not hide the question; anything but "not there" and "not readable" is a fault and flies. */
export const unlessMissing = async <Result>(reading: Promise<Result>): Promise<Result | undefined> => {
  try {
    return await reading;
  } catch (error) {
    if (isMillraceError(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
};

export const readEvaluation = async (
  key: string,
  services: Pick<ApprovalServices, 'objects'>,
): Promise<Evaluation> =>
  parseEvaluation(JSON.parse(new TextDecoder().decode(await services.objects.get(key))));

/** Gathers the evidence of an approval: what was measured, of which data, by which run. */
export const readEvidence = async (
  approval: Approval,
  services: ApprovalServices,
): Promise<ApprovalEvidence> => {
  const { registry } = services;
  const { metrics } = approval.evidence;
  const [evaluation, run, { champion }, window] = await Promise.all([
    metrics === undefined ? undefined : unlessMissing(readEvaluation(metrics, services)),
    unlessMissing(registry.getRun(approval.runId)),
    registry.getRoute(approval.model),
    newestJudged(approval.model, services),
  ]);
  const datasetVersion = run?.datasetVersion;
  const dataset =
    datasetVersion === undefined
      ? undefined
      : await unlessMissing(registry.findDataset(approval.model, datasetVersion));
  return {
    ...(evaluation === undefined ? {} : { evaluation }),
    ...(run === undefined ? {} : { run }),
    ...(dataset === undefined ? {} : { dataset }),
    ...(champion === undefined ? {} : { champion }),
    ...(window === undefined ? {} : { driftUntil: window.windowEnd }),
  };
};
