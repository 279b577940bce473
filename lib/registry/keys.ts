import * as z from 'zod';
import { ApiKey, hashSecret, type Scope, writeKeyText } from '../domain/access/index.ts';
import { allModels, keys, lists } from '../domain/registry/index.ts';
import { MillraceError } from '../wire/errors.ts';
import { auditWrite } from './audit.ts';
import { nowOf, type RegistryContext } from './context.ts';
import { find, listAll, toBody, unchangedSince, untilWon } from './records.ts';

export interface CreateApiKey {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** @default - every model */
  readonly models?: readonly string[];
  /** ISO 8601 with its zone; kept as UTC. @default - never */
  readonly expiresAt?: string;
  readonly by: string;
  readonly why?: string;
}

/** `text` is the key itself. It is nowhere else: what is not kept of it now is lost. */
export interface CreatedApiKey {
  readonly apiKey: ApiKey;
  readonly text: string;
}

export interface RevokeApiKey {
  readonly keyId: string;
  readonly by: string;
  readonly why: string;
}

/** Under the model's own audit where a key is of one, else under that of the whole stage. */
const auditedUnder = (models: readonly string[] | undefined): string =>
  models?.length === 1 ? (models[0] as string) : allModels;

const Moment = z.iso.datetime({ offset: true });

/** A moment as every other is written, since they are compared as text; `undefined` for what is none. */
const utcOf = (moment: string): string | undefined =>
  Moment.safeParse(moment).success ? new Date(moment).toISOString() : undefined;

const checked = (given: unknown, createdAt: string): ApiKey => {
  const parsed = ApiKey.safeParse(given);
  const issues = parsed.success
    ? []
    : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const expiresAt = parsed.data?.expiresAt;
  if (expiresAt !== undefined && utcOf(expiresAt) === undefined)
    issues.push(`expiresAt: expected a moment such as ${createdAt}, not ${expiresAt}`);
  else if (parsed.success && expiresAt !== undefined && !(expiresAt > createdAt))
    issues.push(`expiresAt: expected a moment after ${createdAt}, not ${expiresAt}`);
  if (!parsed.success || issues.length > 0)
    throw new MillraceError('INPUT_INVALID', `the key does not fit: ${issues.join(' | ')}`, { issues });
  return parsed.data;
};

const createApiKey = async (context: RegistryContext, request: CreateApiKey): Promise<CreatedApiKey> => {
  const { by, why = 'an API key was made', scopes, models, expiresAt, name } = request;
  const text = { keyId: context.ids.next(), secret: context.ids.secret() };
  const createdAt = nowOf(context);
  const apiKey = checked(
    {
      keyId: text.keyId,
      name,
      scopes: [...new Set(scopes)],
      models: models && [...new Set(models)],
      secretSha256: hashSecret(text.secret),
      createdAt,
      createdBy: by,
      // What is no moment goes on as it is and is refused by what it says.
      expiresAt: expiresAt && (utcOf(expiresAt) ?? expiresAt),
    },
    createdAt,
  );
  await context.records.transact([
    { ...keys.apiKey(apiKey.keyId), body: toBody(apiKey), condition: 'absent' },
    auditWrite(context, {
      model: auditedUnder(apiKey.models),
      action: 'api-key-created',
      by,
      why,
      details: {
        keyId: apiKey.keyId,
        name: apiKey.name,
        scopes: apiKey.scopes,
        expiresAt: apiKey.expiresAt ?? null,
      },
    }),
  ]);
  return { apiKey, text: writeKeyText(text) };
};

const revokeApiKey = async (context: RegistryContext, { keyId, by, why }: RevokeApiKey): Promise<ApiKey> => {
  const found = await find(context.records, keys.apiKey(keyId), ApiKey);
  if (found === undefined)
    throw new MillraceError('API_KEY_UNKNOWN', `there is no API key with the id "${keyId}"`, { keyId });
  if (found.body.revokedAt !== undefined) return found.body;
  const revoked: ApiKey = { ...found.body, revokedAt: nowOf(context), revokedBy: by, revokedWhy: why };
  await context.records.transact([
    { ...keys.apiKey(keyId), body: toBody(revoked), condition: unchangedSince(found) },
    auditWrite(context, {
      model: auditedUnder(revoked.models),
      action: 'api-key-revoked',
      by,
      why,
      details: { keyId, name: revoked.name },
    }),
  ]);
  return revoked;
};

/** Keys of callers. Of a secret only its hash is kept. */
export const keyRegistry = (context: RegistryContext) => ({
  /** Makes a key of 256 random bits. Throws INPUT_INVALID. */
  createApiKey: (request: CreateApiKey): Promise<CreatedApiKey> => createApiKey(context, request),

  /** `undefined` for an id nobody was given. */
  findApiKey: async (keyId: string): Promise<ApiKey | undefined> =>
    (await find(context.records, keys.apiKey(keyId), ApiKey))?.body,

  /** In the order they were made, revoked and expired ones included. */
  listApiKeys: (): Promise<readonly ApiKey[]> =>
    listAll(context.records, { partition: lists.apiKeys }, ApiKey),

  /** From within five seconds on nobody gets in with it. The first revocation stands. Throws API_KEY_UNKNOWN. */
  revokeApiKey: (request: RevokeApiKey): Promise<ApiKey> => untilWon(() => revokeApiKey(context, request)),
});
