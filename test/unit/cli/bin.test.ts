import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const bin = path.resolve(import.meta.dirname, '../../../bin/millrace.ts');
const run = promisify(execFile);

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'millrace-bin-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const millrace = async (...argv: string[]) => {
  try {
    const { stdout } = await run(process.execPath, [bin, ...argv], { cwd: folder });
    return { exitCode: 0, stdout };
  } catch (error) {
    const { code, stderr } = Object(error);
    return { exitCode: code, stderr };
  }
};

describe('the program itself', () => {
  it('makes a home when a model is applied, takes data without a server, and keeps both', async () => {
    await writeFile(
      path.join(folder, 'model.json'),
      '{"name": "birds", "task": "binary", "target": "sings"}',
    );
    await writeFile(path.join(folder, 'birds.csv'), 'weight,sings\n12,true\n');

    const before = await millrace('status');
    const applied = await millrace('apply', 'model.json');
    const dropped = await millrace('drop', 'birds', 'birds.csv', '--json');
    const after = await millrace('models', '--json');

    expect(before).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('there is no Millrace home at'),
    });
    expect(applied).toEqual({ exitCode: 0, stdout: 'birds is registered (revision 1).\n' });
    expect(dropped.exitCode).toBe(0);
    expect(JSON.parse(after.stdout ?? '')).toMatchObject({ models: [{ model: 'birds', specRevision: 1 }] });
    expect(await readdir(path.join(folder, '.millrace/objects/incoming/birds'))).toHaveLength(2);
  });
});
