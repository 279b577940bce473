import type { Command } from 'commander';
import { formatAgo, formatValue } from '../../console/format.ts';
import type { Run } from '../../domain/registry/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { compareRuns, comparisonRows } from '../compare-runs.ts';
import { atDesk, say } from '../report.ts';
import { tookOf } from '../show-run.ts';
import type { Desk, Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';
import { metricsInWords } from '../words.ts';

const listRuns = async (
  model: string | undefined,
  limit: number,
  { registry }: Desk,
): Promise<readonly Run[]> => {
  const models = model === undefined ? (await registry.listModels()).map((record) => record.model) : [model];
  if (model !== undefined) await registry.getModel(model);
  const runs = (await Promise.all(models.map((one) => registry.listRuns(one, { limit })))).flat();
  return runs.toSorted((a, b) => (a.startedAt < b.startedAt ? 1 : -1)).slice(0, limit);
};

const parseLimit = (text: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(text))
    throw new MillraceError('USAGE_WRONG', `--limit is "${text}", expected a number from 1`);
  return Number(text);
};

/** `runs` and `runs compare`. */
export const addRunCommands = (program: Command, surroundings: Surroundings): void => {
  const runs = program
    .command('runs')
    .description('List the latest runs, of one model or of all')
    .argument('[model]')
    .option('--limit <n>', 'how many', parseLimit, 20)
    .action((model: string | undefined, options: { readonly limit: number }, command: Command) =>
      atDesk(command, surroundings, async (desk) => {
        const found = await listRuns(model, options.limit, desk);
        say(command, surroundings, {
          data: { runs: found },
          text: () =>
            found.length === 0
              ? 'No run yet.\n'
              : renderTable(
                  ['run', 'model', 'status', 'version', 'metrics', 'started', 'took'],
                  found.map((run) => [
                    run.runId,
                    run.model,
                    run.status,
                    formatValue(run.modelVersion),
                    metricsInWords(run.metrics ?? {}, 2),
                    formatAgo(run.startedAt, surroundings.now()),
                    tookOf(run),
                  ]),
                ),
        });
      }),
    );
  runs
    .command('compare')
    .description('Put runs side by side: ≠ marks what differs, ★ the best value of a metric')
    .argument('<runs...>', 'two or more run ids')
    .option('--differences', 'only what differs')
    .action((ids: string[], options: { readonly differences?: boolean }, command: Command) =>
      atDesk(command, surroundings, async ({ registry }) => {
        if (ids.length < 2)
          throw new MillraceError('USAGE_WRONG', 'one run is named, expected two or more to compare');
        const found = await Promise.all(ids.map((id) => registry.getRun(id)));
        const facts = compareRuns(found).filter((fact) => fact.isDifferent || options.differences !== true);
        say(command, surroundings, {
          data: { runs: ids, facts },
          text: () => renderTable(['', 'fact'], comparisonRows(facts), ids),
        });
      }),
    );
};
