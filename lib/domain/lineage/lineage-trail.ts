import type { Verdict } from '../registry/index.ts';
import type { Reign } from '../routing/index.ts';
import type { Lineage } from './lineage.ts';

export interface TrailStep {
  readonly step: 'source' | 'dataset' | 'run' | 'artifact' | 'version' | 'verdict' | 'champion';
  /** The identity: a sha256, a run id, a version number. */
  readonly id: string;
  readonly text: string;
}

/** The whole way of a version for people: from the files to what was decided and when it served, in that order. */
export const lineageTrail = (
  lineage: Lineage,
  since: { readonly verdict?: Verdict; readonly reigns: readonly Reign[] },
): readonly TrailStep[] => {
  const { run, spec, verdict } = { ...lineage, ...since };
  const seed = run.seed === undefined ? '' : `, seed ${run.seed}`;
  const version = String(lineage.version);
  const steps: TrailStep[] = lineage.sources.map(({ key, sha256 }) => ({
    step: 'source',
    id: sha256,
    text: key,
  }));
  steps.push(
    { step: 'dataset', id: lineage.dataset.version, text: lineage.dataset.manifestKey },
    {
      step: 'run',
      id: run.runId,
      text: `${run.trainer}${seed}, spec revision ${spec.revision}, code ${run.codeVersion}: ${run.trigger.why}`,
    },
    { step: 'artifact', id: lineage.artifact.sha256, text: lineage.artifact.key },
    { step: 'version', id: version, text: `${lineage.model} version ${version}` },
  );
  if (verdict)
    steps.push({
      step: 'verdict',
      id: verdict.approvalId ?? verdict.policy,
      text: `${verdict.status} by ${verdict.by} at ${verdict.at}: ${verdict.reason}`,
    });
  for (const reign of since.reigns.filter((one) => one.version === lineage.version))
    steps.push({
      step: 'champion',
      id: version,
      text: `champion by ${reign.via} since ${reign.since}, by ${reign.by}: ${reign.why}`,
    });
  return steps;
};
