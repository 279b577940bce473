import { createHash } from 'node:crypto';
import { sha256OfFile } from '../lib/adapters/shared/sha256-of-file.ts';
import type { ObjectBody, ObjectStore } from '../lib/ports/object-store.ts';
import { MillraceError } from '../lib/wire/errors.ts';

const sha256OfBody = async (body: ObjectBody): Promise<string> =>
  typeof body === 'string' || body instanceof Uint8Array
    ? createHash('sha256').update(body).digest('hex')
    : sha256OfFile(body.filePath);

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
  if ((await sha256OfBody(await objects.get(key))) !== (await sha256OfBody(body)))
    throw new MillraceError('OBJECT_EXISTS', `${key} holds other content`, { key });
};
