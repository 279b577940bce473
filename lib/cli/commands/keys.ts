import type { Command } from 'commander';
import { formatAgo, formatMoment } from '../../console/format.ts';
import { type ApiKey, keyStateOf, type Scope, scopes } from '../../domain/access/index.ts';
import { MillraceError } from '../../wire/errors.ts';
import { atDesk, deciderOf, say } from '../report.ts';
import type { Desk, Surroundings } from '../surroundings.ts';
import { renderFacts, renderTable } from '../table.ts';

const hourMs = 3_600_000;

const parseScope = (text: string, before: readonly Scope[] = []): readonly Scope[] => {
  const scope = scopes.find((one) => one === text);
  if (scope === undefined)
    throw new MillraceError('USAGE_WRONG', `--scope is "${text}", expected one of ${scopes.join(', ')}`);
  return [...before, scope];
};

const parseModel = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

/** `90d` or `12h`, in hours; a hundred years at most, so that the moment is one a date can hold. */
const parseExpires = (text: string): number => {
  const [, amount = '', unit = ''] = /^([1-9]\d{0,4})([hd])$/.exec(text) ?? [];
  if (unit === '' || (unit === 'd' && Number(amount) > 36_500))
    throw new MillraceError(
      'USAGE_WRONG',
      `--expires is "${text}", expected hours or days such as 12h or 90d`,
    );
  return Number(amount) * (unit === 'd' ? 24 : 1);
};

/** What of a key is for everybody's eyes. */
const faceOf = ({ secretSha256: _, ...face }: ApiKey) => face;

const modelsOf = ({ models }: ApiKey): string => models?.join(', ') ?? 'all';

const expiryOf = ({ expiresAt }: ApiKey): string =>
  expiresAt === undefined ? 'never' : formatMoment(expiresAt);

interface CreateOptions {
  readonly name: string;
  readonly scope: readonly Scope[];
  readonly model?: readonly string[];
  readonly expires?: number;
  readonly by?: string;
  readonly reason?: string;
}

const createKey = async (options: CreateOptions, desk: Desk, surroundings: Surroundings) => {
  const { name, scope, model, expires, reason } = options;
  for (const one of model ?? []) await desk.registry.getModel(one);
  return desk.registry.createApiKey({
    name,
    scopes: scope,
    ...(model === undefined ? {} : { models: model }),
    ...(expires === undefined
      ? {}
      : { expiresAt: new Date(surroundings.now() + expires * hourMs).toISOString() }),
    ...(reason === undefined ? {} : { why: reason }),
    by: await deciderOf(options.by, desk, surroundings),
  });
};

const addCreate = (keys: Command, surroundings: Surroundings): void => {
  keys
    .command('create')
    .description('Make a key and show it, once: only its hash is kept')
    .requiredOption('--name <name>', 'who or what uses it')
    .requiredOption('--scope <scope>', `what it allows: ${scopes.join(', ')}; may be repeated`, parseScope)
    .option('--model <model>', 'only for this model; may be repeated (default: all)', parseModel)
    .option(
      '--expires <time>',
      'from now, in hours or days such as 12h or 90d (default: never)',
      parseExpires,
    )
    .option('--reason <text>', 'why: kept in the audit')
    .option('--by <name>', 'who makes it (default: who AWS says you are, or the user of this machine)')
    .addHelpText('after', '\nExample:\n  millrace keys create --name web-shop --scope predict --expires 90d')
    .action((options: CreateOptions, command: Command) =>
      atDesk(command, surroundings, async (desk) => {
        const { apiKey, text } = await createKey(options, desk, surroundings);
        say(command, surroundings, {
          data: { key: text, ...faceOf(apiKey) },
          text: () =>
            `${renderFacts([
              ['Key', text],
              ['Id', apiKey.keyId],
              ['Name', apiKey.name],
              ['Scope', apiKey.scopes.join(', ')],
              ['Models', modelsOf(apiKey)],
              ['Expires', expiryOf(apiKey)],
            ])}\nKeep it now: it is not shown again. Callers send it as "Authorization: Bearer <key>" or "x-api-key: <key>".\n`,
        });
      }),
    );
};

const addList = (keys: Command, surroundings: Surroundings): void => {
  keys
    .command('list')
    .description('List the keys, revoked and expired ones included; never the secrets')
    .action((_options, command: Command) =>
      atDesk(command, surroundings, async ({ registry }) => {
        const now = surroundings.now();
        const found = (await registry.listApiKeys()).map((key) => ({
          key,
          state: keyStateOf(key, new Date(now).toISOString()),
        }));
        say(command, surroundings, {
          data: { keys: found.map(({ key, state }) => ({ ...faceOf(key), state })) },
          text: () =>
            found.length === 0
              ? 'No key yet: `millrace keys create --name … --scope predict`.\n'
              : renderTable(
                  ['name', 'state', 'scope', 'models', 'made', 'by', 'expires', 'id'],
                  found.map(({ key, state }) => [
                    key.name,
                    state,
                    key.scopes.join(', '),
                    modelsOf(key),
                    formatAgo(key.createdAt, now),
                    key.createdBy,
                    expiryOf(key),
                    key.keyId,
                  ]),
                ),
        });
      }),
    );
};

const addRevoke = (keys: Command, surroundings: Surroundings): void => {
  keys
    .command('revoke')
    .description('Refuse a key from now on, within five seconds')
    .argument('<id>', 'from `millrace keys list`')
    .requiredOption('--reason <text>', 'why: kept in the audit')
    .option('--by <name>', 'who decides (default: who AWS says you are, or the user of this machine)')
    .action((keyId: string, options: { readonly reason: string; readonly by?: string }, command: Command) =>
      atDesk(command, surroundings, async (desk) => {
        const by = await deciderOf(options.by, desk, surroundings);
        const key = await desk.registry.revokeApiKey({ keyId, by, why: options.reason });
        say(command, surroundings, {
          data: faceOf(key),
          text: () =>
            `The key "${key.name}" is revoked, since ${formatMoment(key.revokedAt ?? '')} by ${key.revokedBy}: ${key.revokedWhy}\n`,
        });
      }),
    );
};

/** `keys create`, `keys list`, `keys revoke`. */
export const addKeyCommands = (program: Command, surroundings: Surroundings): void => {
  const keys = program
    .command('keys')
    .description('Make, list and revoke the API keys callers authenticate with');
  addCreate(keys, surroundings);
  addList(keys, surroundings);
  addRevoke(keys, surroundings);
};
