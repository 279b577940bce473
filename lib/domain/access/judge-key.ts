import { MillraceError } from '../../wire/errors.ts';
import { type ApiKey, keyStateOf, type Scope } from './api-key.ts';
import { isSecretOf } from './key-text.ts';

/** What a request needs of a key. */
export interface Need {
  readonly scope: Scope;
  /** The model it is about; absent: about all of them, which a key of some models does not cover. */
  readonly model?: string;
}

const invalid = (what: string): MillraceError => new MillraceError('API_KEY_INVALID', what);

/**
 * Throws API_KEY_INVALID for a key that is unknown, expired or revoked. Who does not know the secret hears the same for
 * every id; who does is told what became of the key.
 */
export const requireGenuine = (key: ApiKey | undefined, secret: string, now: string): ApiKey => {
  if (key === undefined || !isSecretOf(key.secretSha256, secret))
    throw invalid('the API key is not one of ours');
  const state = keyStateOf(key, now);
  if (state === 'revoked') throw invalid(`the API key "${key.name}" was revoked at ${key.revokedAt}`);
  if (state === 'expired') throw invalid(`the API key "${key.name}" expired at ${key.expiresAt}`);
  return key;
};

/** Throws API_KEY_FORBIDDEN when a genuine key is not for this. */
export const requireCovers = ({ name, scopes, models }: ApiKey, { scope, model }: Need): void => {
  if (!scopes.includes(scope) && !scopes.includes('admin'))
    throw new MillraceError(
      'API_KEY_FORBIDDEN',
      `the API key "${name}" has the scope ${scopes.join(', ')}, expected ${scope}`,
      { scopes, needed: scope },
    );
  if (models !== undefined && (model === undefined || !models.includes(model)))
    throw new MillraceError(
      'API_KEY_FORBIDDEN',
      `the API key "${name}" is for ${models.join(', ')}, this request is about ${model === undefined ? 'all models' : `"${model.slice(0, 80)}"`}`,
      { models },
    );
};
