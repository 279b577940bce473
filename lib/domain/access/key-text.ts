import { createHash, timingSafeEqual } from 'node:crypto';

/** What a caller sends: an id to look the key up by, and the secret that proves it. */
export interface KeyText {
  readonly keyId: string;
  readonly secret: string;
}

// The prefix lets scanners of source code find keys that leaked. Ids hold no underscore, secrets may.
const form = /^mr_([0-9a-z]{26})_([\w-]{43})$/;

/** The whole key, as it is shown once. */
export const writeKeyText = ({ keyId, secret }: KeyText): string => `mr_${keyId}_${secret}`;

/** `undefined` for what cannot be a key of ours, which then need not be looked up. */
export const readKeyText = (text: string): KeyText | undefined => {
  const [, keyId, secret] = form.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret };
};

const sha256Of = (secret: string): Buffer => createHash('sha256').update(secret).digest();

export const hashSecret = (secret: string): string => sha256Of(secret).toString('hex');

/** Compares hashes, in the same time whichever byte differs. */
export const isSecretOf = (secretSha256: string, secret: string): boolean =>
  timingSafeEqual(Buffer.from(secretSha256, 'hex'), sha256Of(secret));
