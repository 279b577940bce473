import type { Command } from 'commander';
import { formatAgo, formatMoment } from '../../console/format.ts';
import { approvalPath } from '../../console/parts.ts';
import type { Approval } from '../../domain/approval/index.ts';
import type { Run } from '../../domain/registry/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { atDesk, deciderOf, say } from '../report.ts';
import type { Desk, Surroundings } from '../surroundings.ts';
import { renderTable } from '../table.ts';
import { routeInWords } from '../words.ts';

const readStatus = async ({ registry }: Desk) => {
  const [records, pending] = await Promise.all([registry.listModels(), registry.listPendingApprovals()]);
  const models = await Promise.all(
    records.map(async ({ model }) => {
      const [route, runs] = await Promise.all([
        registry.getRoute(model),
        registry.listRuns(model, { limit: 1 }),
      ]);
      return { model, route, latestRun: runs[0] };
    }),
  );
  return { models, pending };
};

/** Where the evidence of each question is shown; `undefined` where the front door has no page. */
const linksTo = async (
  pending: readonly Approval[],
  base: string,
  desk: Desk,
): Promise<readonly (string | undefined)[]> => {
  if (pending.length === 0 || base === '') return pending.map(() => undefined);
  const secret = await desk.approvalSecret();
  return pending.map((approval) => `${base}${approvalPath(approval, secret)}`);
};

const lookLine = (link: string | undefined): string => (link === undefined ? '' : `  look     ${link}\n`);

/** A run that waits for a person is running only on paper. */
const stateOf = (run: Run, pending: readonly Approval[]): string =>
  pending.some(({ runId }) => runId === run.runId) ? 'waits for a decision' : run.status;

const statusText = (
  status: Awaited<ReturnType<typeof readStatus>>,
  links: readonly (string | undefined)[],
  now: number,
): string => {
  const { models, pending } = status;
  if (models.length === 0)
    return 'No model yet: `millrace apply model.json`, then `millrace drop <model> <file>`.\n';
  const table = renderTable(
    ['model', 'serving', 'latest run', 'outcome'],
    models.map(({ model, route, latestRun }) => [
      model,
      routeInWords(route),
      latestRun === undefined
        ? '–'
        : `${stateOf(latestRun, pending)}, ${formatAgo(latestRun.startedAt, now)}`,
      latestRun?.outcome ?? '',
    ]),
  );
  const questions = pending.map(
    ({ model, version, summary, expiresAt }, index) =>
      `\nWaits for a decision, open until ${formatMoment(expiresAt)}: ${summary}\n${lookLine(links[index])}  approve  npx millrace approve ${model}@${version} --reason "…"\n  reject   npx millrace reject ${model}@${version} --reason "…"\n`,
  );
  return `${table}${questions.join('')}`;
};

const parseVersion = (text: string): number => {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new MillraceError('USAGE_WRONG', `--to is "${text}", expected a version number`);
  return Number(text);
};

/** `status`, `rollback`, `inbox`. */
export const addOperateCommands = (program: Command, surroundings: Surroundings): void => {
  program
    .command('status')
    .description('Show what serves, what runs, and what waits for a decision')
    .action((_options, command: Command) =>
      atDesk(command, surroundings, async (desk) => {
        const status = await readStatus(desk);
        const base = surroundings.env.MILLRACE_URL ?? desk.address ?? 'http://127.0.0.1:8080';
        const links = await linksTo(status.pending, base, desk);
        const pending = status.pending.map((approval, index) => ({ ...approval, link: links[index] }));
        say(command, surroundings, {
          data: { models: status.models, pending },
          text: () => statusText(status, links, surroundings.now()),
        });
      }),
    );
  program
    .command('rollback')
    .description('Put an earlier version back, in seconds: the pointer moves, nothing is deployed')
    .argument('<model>')
    .requiredOption('--reason <text>', 'why: kept in the audit')
    .option('--to <version>', 'which one (default: the champion before this one)', parseVersion)
    .option('--by <name>', 'who decides (default: who AWS says you are, or the user of this machine)')
    .addHelpText('after', '\nExample:\n  millrace rollback flight-delay --reason "complaints since noon"')
    .action(
      (
        model: string,
        options: { readonly reason: string; readonly to?: number; readonly by?: string },
        command: Command,
      ) =>
        atDesk(command, surroundings, async (desk) => {
          const { registry } = desk;
          await registry.getModel(model);
          const { to, reason } = options;
          const by = await deciderOf(options.by, desk, surroundings);
          const moved = await registry.rollBack({ model, by, reason, ...(to === undefined ? {} : { to }) });
          const { champion } = moved.route;
          say(command, surroundings, {
            data: moved,
            text: () =>
              moved.changed
                ? `Version ${champion} of ${model} serves again, within five seconds.\n`
                : `Version ${champion} of ${model} serves already.\n`,
          });
        }),
    );
  program
    .command('inbox')
    .description('Read the latest messages to people')
    .action((_options, command: Command) =>
      atDesk(command, surroundings, async ({ inbox }) => {
        const messages = await inbox(20);
        say(command, surroundings, {
          data: { messages },
          text: () =>
            messages.length === 0
              ? 'No message yet.\n'
              : messages
                  .map(({ notification: { model, subject, text, links = [] }, receivedAt }) =>
                    [
                      `${formatMoment(receivedAt)}  [${model}] ${subject}`,
                      `  ${text}`,
                      ...links.map(({ title, url }) => `  ${title}: ${url}`),
                      '',
                    ].join('\n'),
                  )
                  .join('\n'),
        });
      }),
    );
};
