import { join } from 'node:path';
import { HeadObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloudObjectStore, objectsByPrefix } from '../../../../lib/adapters/aws/objects-by-prefix.ts';
import { folderObjectStore } from '../../../../lib/adapters/local/folder-object-store.ts';
import type { ObjectStore } from '../../../../lib/ports/object-store.ts';
import { objectKeys } from '../../../../lib/wire/object-keys.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../support/index.ts';

describe('several stores behind one', () => {
  let folder: TemporaryFolder;
  let [data, artifacts]: [ObjectStore?, ObjectStore?] = [];
  let store: ObjectStore;
  beforeEach(() => {
    folder = temporaryFolder();
    data = folderObjectStore({ root: join(folder.path, 'data') });
    artifacts = folderObjectStore({ root: join(folder.path, 'artifacts') });
    store = objectsByPrefix({ incoming: data, models: artifacts });
  });
  afterEach(() => folder.remove());

  it('keeps each object where its first segment says, for all it can be asked', async () => {
    await store.putIfAbsent('incoming/m/a b ü.csv', 'rows');
    await store.putIfAbsent('models/m/1/model.onnx', 'model');

    expect((await data?.list(''))?.objects.map(({ key }) => key)).toEqual(['incoming/m/a b ü.csv']);
    expect((await artifacts?.list(''))?.objects.map(({ key }) => key)).toEqual(['models/m/1/model.onnx']);
    expect(Buffer.from(await store.get('models/m/1/model.onnx')).toString()).toBe('model');
    expect((await store.head('incoming/m/a b ü.csv'))?.sizeBytes).toBe(4);
    const head = await store.download('incoming/m/a b ü.csv', join(folder.path, 'out'));
    expect(head.key).toBe('incoming/m/a b ü.csv');
    expect((await store.list('models/m/')).objects).toHaveLength(1);
    expect((await store.list('models', { limit: 1 })).objects).toHaveLength(1);
  });

  it.each(['', 'inc', '/', 'captured/', 'toString/', '__proto__/x', 'incoming-x/'])(
    'says that the prefix "%s" names no store, rather than list nothing',
    async (prefix) => {
      await expect(store.list(prefix)).rejects.toMatchObject({
        name: 'OBJECT_KEY_INVALID',
        message: expect.stringContaining('expected one that begins with incoming/, models/'),
      });
    },
  );

  it('refuses a key of no store, whatever is asked', async () => {
    const wrong = { name: 'OBJECT_KEY_INVALID', details: { key: 'elsewhere/x' } };

    await expect(store.putIfAbsent('elsewhere/x', '')).rejects.toMatchObject(wrong);
    await expect(store.get('elsewhere/x')).rejects.toMatchObject(wrong);
    await expect(store.head('elsewhere/x')).rejects.toMatchObject(wrong);
    await expect(store.download('elsewhere/x', join(folder.path, 'out'))).rejects.toMatchObject(wrong);
  });
});

describe('the objects of a stage', () => {
  it('knows a bucket for every key the house writes, through one client', async () => {
    const client = new S3Client({ region: 'eu-central-1' });
    const mock = mockClient(client);
    mock.on(HeadObjectCommand).resolves({ ContentLength: 1, ETag: '"x"', LastModified: new Date(0) });
    mock.on(ListObjectsV2Command).resolves({});
    const buckets = { dataBucket: 'data', artifactBucket: 'artifacts', captureBucket: 'capture' };
    const store = cloudObjectStore({ ...buckets, client });
    const keys = [
      objectKeys.incoming('m', 'a.csv'),
      objectKeys.source('m', 'abc', 'csv'),
      objectKeys.dataset('m', '1', 'manifest.json'),
      objectKeys.quarantine('m', '1'),
      objectKeys.run('m', 'r', 'model.onnx'),
      objectKeys.version('m', 1, 'model.onnx'),
    ];

    for (const key of keys) await store.head(key);
    for (const prefix of ['labels/m/', 'captured/model=m/']) await store.list(prefix);

    expect(mock.calls().map((call) => (call.args[0].input as { Bucket: string }).Bucket)).toEqual([
      'data',
      'data',
      'data',
      'data',
      'artifacts',
      'artifacts',
      'data',
      'capture',
    ]);
  });
});
