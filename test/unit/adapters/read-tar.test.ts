import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readTarGz } from '../../../lib/adapters/training/read-tar.ts';
import { type TarEntry, tarGz, temporaryFolder } from '../../support/index.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const archive = path.join(folder.path, 'model.tar.gz');
const read = async (bytes: Uint8Array, names = ['model.onnx'], options = {}) => {
  writeFileSync(archive, bytes);
  const files = await readTarGz(archive, names, options);
  return Object.fromEntries([...files].map(([name, content]) => [name, Buffer.from(content).toString()]));
};
const readEntries = (entries: readonly TarEntry[], names?: string[]) => read(tarGz(entries), names);

describe('an archive of a training job', () => {
  it('gives the files asked for, and nothing else of it', async () => {
    const found = await readEntries(
      [
        { name: './', content: '', type: '5' },
        { name: './model.onnx', content: 'onnx' },
        { name: 'notes.txt', content: 'x'.repeat(2000) },
        { name: 'training.json', content: '' },
      ],
      ['model.onnx', 'training.json', 'signature.json'],
    );

    expect(found).toEqual({ 'model.onnx': 'onnx', 'training.json': '' });
  });

  it('is read as the tar of this machine writes it, long names included', async () => {
    const long = `${'deep/'.repeat(30)}model.onnx`;
    const made = spawnSync(
      'sh',
      [
        '-c',
        `mkdir -p "$(dirname ${long})" && echo -n deep > ${long} && echo -n flat > model.onnx && tar -czf made.tar.gz deep model.onnx`,
      ],
      { cwd: folder.path },
    );
    expect(made.status).toBe(0);

    const found = await readTarGz(path.join(folder.path, 'made.tar.gz'), [long, 'model.onnx']);

    expect([...found].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      [long, 'deep'],
      ['model.onnx', 'flat'],
    ]);
  });

  it('understands the long names of pax', async () => {
    const record = (value: string) => ` path=${value}\n`;
    const value = 'folder/model.onnx';
    const pax = `${String(record(value).length + 2)}${record(value)}`;

    const found = await readEntries(
      [
        { name: 'PaxHeader', content: pax, type: 'x' },
        { name: 'short', content: 'pax' },
      ],
      [value],
    );

    expect(found).toEqual({ [value]: 'pax' });
  });

  it('leads nowhere: names with "..", absolute names and links are not what was asked for', async () => {
    const found = await readEntries([
      { name: '../model.onnx', content: 'up' },
      { name: '/model.onnx', content: 'root' },
      { name: 'model.onnx', content: '', type: '2' },
    ]);

    expect(found).toEqual({});
  });

  it('with a file that is too large is refused by its header, before it is read', async () => {
    await expect(
      read(tarGz([{ name: 'model.onnx', content: 'x'.repeat(100) }]), ['model.onnx'], { maxBytes: 99 }),
    ).rejects.toMatchObject({
      name: 'TRAINING_OUTPUT_INVALID',
      message: expect.stringContaining('holds model.onnx of 100 bytes, expected at most 99'),
    });
  });

  it('with a description of a model as large as a model is refused: it would be read as one text', async () => {
    const content = Buffer.alloc(16 * 2 ** 20 + 1, ' ');

    await expect(readEntries([{ name: 'signature.json', content }], ['signature.json'])).rejects.toThrow(
      'holds signature.json of 16777217 bytes, expected at most 16777216',
    );
    expect(await readEntries([{ name: 'model.onnx', content }])).toHaveProperty(['model.onnx']);
  });

  it('with a name of a megabyte is told in a sentence people can read', async () => {
    const name = 'x'.repeat(1_000_000);
    const cut = tarGz([
      { name: '././@LongLink', content: `${name}\0`, type: 'L' },
      { name: 'x', content: 'x'.repeat(2000) },
    ]);
    const bytes = gzipSync(gunzipSync(cut).subarray(0, -2000));

    const error = await read(bytes).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ message: expect.stringContaining('ends in the middle of xxx') });
    expect(String(error).length).toBeLessThan(1000);
  });

  it('that is cut off, is no gzip or no tar is refused', async () => {
    const whole = tarGz([{ name: 'model.onnx', content: 'x'.repeat(3000) }]);
    const rejects = (bytes: Uint8Array, what: string) =>
      expect(read(bytes)).rejects.toMatchObject({
        name: 'TRAINING_OUTPUT_INVALID',
        message: expect.stringContaining(what),
      });

    await rejects(whole.subarray(0, 40), 'is not gzip, or is cut off');
    await rejects(gzipSync(gunzipSync(whole).subarray(0, 1500)), 'ends in the middle of model.onnx');
    await rejects(Buffer.from('PK zip'), 'is not gzip');
    await rejects(gzipSync(Buffer.alloc(1024, 'text')), 'is not a tar archive');
  });
});
