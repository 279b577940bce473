import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

/**
 * Sends (a part of) a local file, opened afresh. The SDK does not hear of a file that cannot be read and would wait for
 * the rest of it; so the sending ends with the stream's error, and the file is closed however it ends.
 */
export const sendingFile = async <Answer>(
  filePath: string,
  range: { readonly start?: number; readonly end?: number },
  send: (body: Readable, abortSignal: AbortSignal) => Promise<Answer>,
): Promise<Answer> => {
  const stream = createReadStream(filePath, range);
  const unreadable = Promise.withResolvers<never>();
  stream.on('error', unreadable.reject);
  const controller = new AbortController();
  try {
    return await Promise.race([send(stream, controller.signal), unreadable.promise]);
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    stream.destroy();
  }
};
