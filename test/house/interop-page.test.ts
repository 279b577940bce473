import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/interop.md'), 'utf8');

/** `test/synth/x.test.ts`: "a name", "another", up to the end of the cell or the next file. */
const standIns = [...page.matchAll(/`(test\/[\w/-]+\.test\.ts)`: ("[^|`]+)/gu)].flatMap(
  ([, file = '', names = '']) =>
    [...names.matchAll(/"([^"]+)"/gu)].map(([, name = '']) => [file, name] as const),
);

describe('docs/interop.md', () => {
  it('names more than ten tests that stand in for what no local run proves', () => {
    expect(standIns.length).toBeGreaterThan(10);
  });

  it.each(standIns)('%s has the test "%s"', (file, name) => {
    expect(readFileSync(path.join(root, file), 'utf8')).toContain(`'${name}'`);
  });

  it('names every bridge, and none that is gone', () => {
    const named = new Set([...page.matchAll(/`([\w-]+\.ts)`/gu)].map(([, file]) => file));
    const files = globSync('test/interop/deployment/*.ts', { cwd: root }).map((file) => path.basename(file));
    const bridges = files.filter((file) => file.startsWith('bridge'));

    expect([...bridges, 'open-door.ts', 'put-clock-ahead.ts'].filter((file) => !named.has(file))).toEqual([]);
    expect([...named].filter((file) => file !== undefined && !files.includes(file))).toEqual([]);
  });
});
