import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

/**
 * The sha256 of a local file's content, 64 hexadecimal digits; the file is streamed, so its size does not matter. A
 * `signal` ends it with its reason.
 */
export const sha256OfFile = async (
  filePath: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<string> => {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(filePath), hash, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
  return hash.digest('hex');
};
