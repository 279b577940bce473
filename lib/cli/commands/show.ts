import type { Command } from 'commander';
import { latestColumns } from '../../../lambdas/latest-columns.ts';
import { formatMoment, formatNumber } from '../../console/format.ts';
import { metricTitle } from '../../domain/evaluation/index.ts';
import type { ResolvedColumn } from '../../domain/model-spec/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { atDesk, say } from '../report.ts';
import { showRun } from '../show-run.ts';
import type { Desk, Surroundings } from '../surroundings.ts';
import { renderFacts, renderTable } from '../table.ts';
import { routeInWords } from '../words.ts';

const showVersion = async (
  model: string,
  version: number,
  command: Command,
  desk: Desk,
  surroundings: Surroundings,
): Promise<void> => {
  const found = await desk.registry.getVersion(model, version);
  const verdict = await desk.registry.findVerdict(model, version);
  say(command, surroundings, {
    data: { version: found, verdict },
    text: () =>
      `${renderFacts([
        ['Model', `${model} version ${version}`],
        ['Trainer', found.trainer],
        ['Run', found.runId],
        ['Trained', formatMoment(found.createdAt)],
        ['Artifact', `${found.artifactKey} (sha256 ${found.artifactSha256})`],
        ['Dataset', found.datasetVersion],
        ['model.json', `revision ${found.specRevision}`],
        ['Code', found.codeVersion],
        ['Verdict', verdict && `${verdict.status} by ${verdict.by}: ${verdict.reason}`],
        ...Object.entries(found.files).map(([name, key]) => [`File: ${name}`, key] as const),
      ])}\n${renderTable(
        ['metric', 'value'],
        Object.entries(found.metrics).map(([name, value]) => [metricTitle(name), formatNumber(value)]),
      )}`,
  });
};

const columnsText = (columns: readonly ResolvedColumn[]): string =>
  columns.length === 0
    ? ''
    : `\n${renderTable(
        ['column', 'kind', 'used as', 'because'],
        columns.map(({ name, kind, role, because }) => [name, kind, role, because]),
      )}`;

const showModel = async (
  model: string,
  command: Command,
  desk: Desk,
  surroundings: Surroundings,
): Promise<void> => {
  const { registry } = desk;
  const record = await registry.getModel(model);
  const [route, specRevision, audit, columns = []] = await Promise.all([
    registry.getRoute(model),
    registry.getSpec(model),
    registry.listAudit({ model, limit: 10 }),
    latestColumns(model, desk),
  ]);
  say(command, surroundings, {
    data: { model: record, route, spec: specRevision.spec, columns, audit },
    text: () =>
      `${renderFacts([
        ['Model', model],
        ['About', record.description],
        ['Task', record.task],
        ['Serving', routeInWords(route)],
        [
          'Before',
          route.formerChampions.length > 0
            ? `version${route.formerChampions.length === 1 ? '' : 's'} ${route.formerChampions.join(', ')}`
            : undefined,
        ],
        ['model.json', `revision ${record.specRevision}, ${formatMoment(record.changedAt)}`],
      ])}${columnsText(columns)}\n${renderTable(
        ['when', 'what', 'who', 'why'],
        audit.map((entry) => [
          formatMoment(entry.at),
          `${entry.action}${entry.version === undefined ? '' : ` ${entry.version}`}`,
          entry.by,
          entry.why,
        ]),
      )}`,
  });
};

const show = async (
  what: string,
  id: string | undefined,
  command: Command,
  desk: Desk,
  surroundings: Surroundings,
) => {
  if (what === 'run' && id !== undefined) return showRun(id, command, desk, surroundings);
  if (id !== undefined)
    throw new MillraceError('USAGE_WRONG', `"show ${what} ${id}" is not understood, expected show run <id>`);
  const [model = '', version] = what.split('@');
  if (version === undefined) return showModel(model, command, desk, surroundings);
  if (!/^[1-9]\d{0,8}$/.test(version))
    throw new MillraceError('VERSION_UNKNOWN', `"${version}" is not a version, expected a number from 1`);
  return showVersion(model, Number(version), command, desk, surroundings);
};

/** `show`: one thing in full. */
export const addShowCommand = (program: Command, surroundings: Surroundings): void => {
  program
    .command('show')
    .description('Show a model, one of its versions, or a run')
    .argument('<what>', 'a model, model@version, or the word run')
    .argument('[id]', 'the id of the run')
    .addHelpText(
      'after',
      '\nExamples:\n  millrace show penguins\n  millrace show penguins@2\n  millrace show run run-20261121120000000-0a1b2c3d4e',
    )
    .action((what: string, id: string | undefined, _options, command: Command) =>
      atDesk(command, surroundings, (desk) => show(what, id, command, desk, surroundings)),
    );
};
