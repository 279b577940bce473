import { S3Client } from '@aws-sdk/client-s3';
import { clientDefaults } from './sdk-errors.ts';

const silent = (): void => undefined;

/**
 * A client for S3. S3 may think for long over a large object: a minute of silence ends a request, not ten seconds.
 * Emulators are addressed by path, because they have no host name for each bucket.
 */
export const makeS3Client = (): S3Client => {
  const isEmulated = [process.env.AWS_ENDPOINT_URL_S3, process.env.AWS_ENDPOINT_URL].some(Boolean);
  return new S3Client({
    ...clientDefaults,
    requestHandler: { ...clientDefaults.requestHandler, socketTimeout: 60_000 },
    ...(isEmulated && { forcePathStyle: true }),
    // Told to nobody, the SDK warns on the console of each streamed PUT that is refused, also where that is the answer hoped for.
    logger: { debug: silent, info: silent, warn: silent, error: silent },
  });
};
