import type { Command } from 'commander';
import { formatDuration, formatMoment, formatNumber, formatValue } from '../console/format.ts';
import { metricTitle } from '../domain/evaluation/index.ts';
import { pathWords } from '../domain/gates/index.ts';
import type { Run } from '../domain/registry/index.ts';
import { say } from './report.ts';
import type { Desk, Surroundings } from './surroundings.ts';
import { renderFacts, renderTable } from './table.ts';

/** How long a run took, a dash while it goes on. */
export const tookOf = ({ startedAt, finishedAt }: Run): string =>
  finishedAt === undefined ? '–' : formatDuration(Date.parse(finishedAt) - Date.parse(startedAt));

/** One run in full. */
export const showRun = async (
  id: string,
  command: Command,
  desk: Desk,
  surroundings: Surroundings,
): Promise<void> => {
  const run = await desk.registry.getRun(id);
  say(command, surroundings, {
    data: { run },
    text: () =>
      [
        renderFacts([
          ['Run', run.runId],
          ['Model', run.modelVersion === undefined ? run.model : `${run.model}, version ${run.modelVersion}`],
          ['Status', run.status],
          ['Outcome', run.outcome],
          ['Challenger', run.challengerPath && pathWords[run.challengerPath].title],
          ['Error', run.errorCode],
          ['Started', `${formatMoment(run.startedAt)}, by ${run.trigger.by}: ${run.trigger.why}`],
          ['Took', tookOf(run)],
          ['Dataset', run.datasetVersion],
          ['model.json', run.specRevision === undefined ? undefined : `revision ${run.specRevision}`],
          ['Trainer', run.trainer],
          ['Seed', run.seed?.toString()],
          ['Code', run.codeVersion],
          ['Artifact', run.artifactSha256 && `sha256 ${run.artifactSha256}`],
        ]),
        section(['step', 'took'], run.durationsMs, (value) => formatDuration(Number(value))),
        section(['metric', 'value'], run.metrics, (value) => formatNumber(Number(value)), metricTitle),
        section(['parameter', 'value'], run.parameters, formatValue),
      ].join(''),
  });
};

const section = (
  head: readonly [string, string],
  values: Readonly<Record<string, unknown>> = {},
  format: (value: unknown) => string,
  name: (key: string) => string = (key) => key,
): string => {
  const rows = Object.entries(values).map(([key, value]) => [name(key), format(value)]);
  return rows.length === 0 ? '' : `\n${renderTable(head, rows)}`;
};
