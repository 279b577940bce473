import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';

/**
 * Sends (a part of) a local file, opened afresh. The SDK does not hear of a file that cannot be read and would wait for
 * the rest of it; so the sending ends with the stream's error, and the file is closed however it ends. A `signal` ends it
 * with its reason.
 */
export const sendingFile = async <Answer>(
  filePath: string,
  {
    signal,
    ...range
  }: { readonly start?: number; readonly end?: number; readonly signal?: AbortSignal | undefined },
  send: (body: Readable, abortSignal: AbortSignal) => Promise<Answer>,
): Promise<Answer> => {
  signal?.throwIfAborted();
  const stream = createReadStream(filePath, range);
  const unreadable = Promise.withResolvers<never>();
  stream.on('error', unreadable.reject);
  const controller = new AbortController();
  try {
    const stops = signal === undefined ? controller.signal : AbortSignal.any([controller.signal, signal]);
    return await Promise.race([send(stream, stops), unreadable.promise]);
  } catch (error) {
    controller.abort(error);
    signal?.throwIfAborted();
    throw error;
  } finally {
    stream.destroy();
  }
};
