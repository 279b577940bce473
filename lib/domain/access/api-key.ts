import * as z from 'zod';
import { ModelName } from '../model-spec/index.ts';

/** What a key lets its bearer do; `admin` is everything. A scope does not hold another one. */
export const scopes = ['predict', 'label', 'operate', 'approve', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export const ApiKey = z.object({
  keyId: z.string().min(1),
  /** For people: who or what uses it. */
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(scopes)).min(1),
  /** Only these; absent: every model, those to come included. */
  models: z.array(ModelName).min(1).optional(),
  /** Of the secret, in hexadecimal. 256 random bits need no salt and no slow hash: nobody can try them all. */
  secretSha256: z.string().regex(/^[0-9a-f]{64}$/),
  createdAt: z.string(),
  createdBy: z.string(),
  /** From this moment on it is refused. */
  expiresAt: z.string().optional(),
  revokedAt: z.string().optional(),
  revokedBy: z.string().optional(),
  revokedWhy: z.string().optional(),
});
/** A key as it is remembered: whoever reads it cannot use it. */
export type ApiKey = z.infer<typeof ApiKey>;

export const keyStates = ['active', 'expired', 'revoked'] as const;
export type KeyState = (typeof keyStates)[number];

/** `now`: ISO 8601 UTC. */
export const keyStateOf = ({ expiresAt, revokedAt }: ApiKey, now: string): KeyState => {
  if (revokedAt !== undefined) return 'revoked';
  return expiresAt !== undefined && now >= expiresAt ? 'expired' : 'active';
};
