import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ObjectBody, ObjectStore } from '../lib/ports/object-store.ts';
import { MillraceError } from '../lib/wire/errors.ts';

const sha256OfBody = async (body: ObjectBody): Promise<string> => {
  const hash = createHash('sha256');
  if (typeof body === 'string' || body instanceof Uint8Array) return hash.update(body).digest('hex');
  await pipeline(createReadStream(body.filePath), hash);
  return hash.digest('hex');
};

/**
 * Writes an object that a step makes, once: done again after a crash, the step finds what it wrote the first time.
 * Throws OBJECT_EXISTS when the key holds other content and `mustMatch` is set; otherwise the first content stands.
 */
export const putOnce = async (
  objects: ObjectStore,
  key: string,
  body: ObjectBody,
  options: { readonly mustMatch?: boolean } = {},
): Promise<void> => {
  const { created } = await objects.putIfAbsent(key, body);
  if (created || !options.mustMatch) return;
  const there = createHash('sha256')
    .update(await objects.get(key))
    .digest('hex');
  if (there !== (await sha256OfBody(body)))
    throw new MillraceError('OBJECT_EXISTS', `${key} holds other content`, { key });
};
