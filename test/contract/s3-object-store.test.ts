import { s3ObjectStore } from '../../lib/adapters/aws/s3-object-store.ts';
import { fixedClock } from '../support/index.ts';
import { FakeS3 } from './fake-s3.ts';
import { objectStoreContract } from './object-store.ts';

objectStoreContract('S3', () => {
  const s3 = new FakeS3({ bucket: 'millrace' });
  const replace = (key: string, content: string) => s3.hold(key, Buffer.from(content));
  return {
    store: s3ObjectStore({ bucket: 'millrace', client: s3.client, clock: fixedClock() }),
    replace,
    replaceDuringDownload: (key, content) => s3.breakReadOf.set(key, () => replace(key, content)),
    remove: () => s3.client.destroy(),
  };
});

objectStoreContract('S3 in parts', () => {
  const s3 = new FakeS3({ bucket: 'millrace' });
  const replace = (key: string, content: string) => s3.hold(key, Buffer.from(content));
  const multipart = { thresholdBytes: 1000, partBytes: 400_000 };
  return {
    store: s3ObjectStore({ bucket: 'millrace', client: s3.client, clock: fixedClock(), multipart }),
    replace,
    replaceDuringDownload: (key, content) => s3.breakReadOf.set(key, () => replace(key, content)),
    remove: () => s3.client.destroy(),
  };
});
