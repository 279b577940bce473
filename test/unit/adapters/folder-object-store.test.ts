import { mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FolderWrites, folderObjectStore } from '../../../lib/adapters/local/folder-object-store.ts';
import { type TemporaryFolder, temporaryFolder } from '../../support/index.ts';

const diskFull = (syscall: string) =>
  Object.assign(new Error(`ENOSPC: no space left on device, ${syscall}`), { code: 'ENOSPC', syscall });

/** Writes that stop half-way because the disk is full. */
const fullDisk: Partial<FolderWrites> = {
  writeFile: async (path) => {
    await fs.writeFile(path, 'half of i');
    throw diskFull('write');
  },
  copyFile: async (_, to) => {
    await fs.writeFile(to, 'half of i');
    throw diskFull('copyfile');
  },
};

/** Every file under a folder, hidden and temporary ones too. */
const filesUnder = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name);

describe('the folder store', () => {
  let folder: TemporaryFolder;
  let root: string;
  beforeEach(() => {
    folder = temporaryFolder();
    root = join(folder.path, 'home', 'objects');
  });
  afterEach(() => folder.remove());

  it('says that the disk is full and leaves nothing half-written', async () => {
    writeFileSync(join(folder.path, 'source'), 'it all');
    const store = folderObjectStore({ root, writes: fullDisk });
    const full = { name: 'STORAGE_FULL', message: expect.stringMatching(/a\/b.*free disk space/u) };

    await expect(store.putIfAbsent('a/b', 'it all')).rejects.toMatchObject(full);
    await expect(store.putIfAbsent('a/b', { filePath: join(folder.path, 'source') })).rejects.toMatchObject(
      full,
    );

    expect(filesUnder(root)).toEqual([]);
    expect(await store.head('a/b')).toBeUndefined();
    expect(await folderObjectStore({ root }).putIfAbsent('a/b', 'it all')).toMatchObject({ created: true });
  });

  it.each(['mkdir', 'link'] as const)('says that the disk is full when %s has no room', async (call) => {
    const store = folderObjectStore({ root, writes: { [call]: () => Promise.reject(diskFull(call)) } });

    await expect(store.putIfAbsent('a/b', 'x')).rejects.toMatchObject({ name: 'STORAGE_FULL' });

    expect(filesUnder(folder.path)).toEqual([]);
  });

  it('says that the disk is full when a download finds no room, and leaves no part of it', async () => {
    await folderObjectStore({ root }).putIfAbsent('a/b', 'it all');
    const store = folderObjectStore({ root, writes: fullDisk });
    mkdirSync(join(folder.path, 'work'));

    const download = store.download('a/b', join(folder.path, 'work', 'b'));

    await expect(download).rejects.toMatchObject({ name: 'STORAGE_FULL' });
    expect(readdirSync(join(folder.path, 'work'))).toEqual([]);
  });

  it('lets errors fly that it does not know', async () => {
    const store = folderObjectStore({ root, writes: { link: () => Promise.reject(new Error('EIO')) } });

    await expect(store.putIfAbsent('a/b', 'x')).rejects.toThrow('EIO');
    expect(filesUnder(root)).toEqual([]);
  });

  it('shows files that people put there by hand, in folders of any depth and name', async () => {
    mkdirSync(join(root, 'incoming', 'flight delay', 'März'), { recursive: true });
    writeFileSync(join(root, 'incoming', 'flight delay', 'März', 'week 1 (final).csv'), 'a,b');

    const { objects } = await folderObjectStore({ root }).list('incoming/');

    expect(objects.map(({ key, sizeBytes }) => ({ key, sizeBytes }))).toEqual([
      { key: 'incoming/flight delay/März/week 1 (final).csv', sizeBytes: 3 },
    ]);
  });

  it('notices a file written over in place, with the same size', async () => {
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'day.csv'), 'one');
    utimesSync(join(root, 'day.csv'), 1, 1);
    const store = folderObjectStore({ root });
    const before = await store.head('day.csv');

    writeFileSync(join(root, 'day.csv'), 'two');

    expect((await store.head('day.csv'))?.etag).not.toBe(before?.etag);
  });

  it('does not follow symlinks out of its root: not to read, not to write, not to list', async () => {
    const secrets = join(folder.path, 'secrets');
    mkdirSync(secrets);
    writeFileSync(join(secrets, 'key'), 'secret');
    mkdirSync(root, { recursive: true });
    symlinkSync(secrets, join(root, 'out'));
    symlinkSync(join(secrets, 'key'), join(root, 'file'));
    symlinkSync(join(secrets, 'planted'), join(root, 'dangling'));
    const store = folderObjectStore({ root });

    await expect(store.get('out/key')).rejects.toMatchObject({ name: 'OBJECT_NOT_FOUND' });
    await expect(store.get('file')).rejects.toMatchObject({ name: 'OBJECT_NOT_FOUND' });
    await expect(store.putIfAbsent('out/new/planted', 'x')).rejects.toMatchObject({
      name: 'OBJECT_KEY_INVALID',
    });
    await expect(store.putIfAbsent('dangling', 'x')).rejects.toMatchObject({ name: 'OBJECT_KEY_INVALID' });
    expect((await store.list('')).objects).toEqual([]);
    expect(filesUnder(secrets)).toEqual(['key']);
  });

  it('says that a key cannot lie below an object, nor an object be where a folder is', async () => {
    const store = folderObjectStore({ root });
    await store.putIfAbsent('a/b', 'x');

    await expect(store.putIfAbsent('a/b/c', 'y')).rejects.toMatchObject({ name: 'OBJECT_KEY_INVALID' });
    await expect(store.putIfAbsent('a', 'y')).rejects.toMatchObject({ name: 'OBJECT_KEY_INVALID' });

    expect(filesUnder(root)).toEqual(['b']);
  });

  it('sweeps away what a writer that died has left, but not what another is writing', async () => {
    const temporary = join(root, '.millrace-tmp');
    mkdirSync(temporary, { recursive: true });
    writeFileSync(join(temporary, 'abandoned'), 'x');
    writeFileSync(join(temporary, 'in-use'), 'x');
    const twoHoursAgo = Date.now() / 1000 - 2 * 60 * 60;
    utimesSync(join(temporary, 'abandoned'), twoHoursAgo, twoHoursAgo);

    await folderObjectStore({ root }).putIfAbsent('a', 'x');

    expect(readdirSync(temporary)).toEqual(['in-use']);
    expect((await folderObjectStore({ root }).list('')).objects.map((object) => object.key)).toEqual(['a']);
  });

  // Root may write to anything, so as root this could not fail.
  it.skipIf(process.getuid?.() === 0)('stores a file that its owner may only read', async () => {
    writeFileSync(join(folder.path, 'source'), 'x', { mode: 0o400 });

    await folderObjectStore({ root }).putIfAbsent('a', { filePath: join(folder.path, 'source') });

    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('x');
  });
});
