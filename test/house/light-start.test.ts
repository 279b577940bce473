import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

/** What a file loads as soon as it is loaded: no types, and nothing behind `import()`. */
const loadedBy = (file: string): readonly string[] => {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(?!type\b)([^;]*?)\s*from\s+'([^']+)'|^import\s+'([^']+)'/gm,
  );
  return [...statements]
    .filter(([, names = '']) => !/^\{(\s*type\s+\w+(\s+as\s+\w+)?,?)+\s*\}$/.test(names))
    .map(([, , from, bare]) => from ?? bare ?? '');
};

/** Every package that loading a file loads. */
const packagesOf = (entry: string): ReadonlySet<string> => {
  const packages = new Set<string>();
  const seen = new Set<string>();
  const open = [path.join(root, entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    for (const target of loadedBy(file)) {
      const beside = path.resolve(path.dirname(file), target);
      if (target.startsWith('.') && existsSync(beside)) open.push(beside);
      else packages.add(target);
    }
  }
  return packages;
};

describe('the command line', () => {
  it.each(['lib/cli/run-cli.ts', 'lib/cli/machine.ts'])('starts %s light', (entry) => {
    const packages = [...packagesOf(entry)];

    expect(packages.length).toBeGreaterThan(2);
    expect(
      packages.filter((name) => /^@aws-sdk|^@duckdb|^onnxruntime|^vega|^node:sqlite/.test(name)),
    ).toEqual([]);
  });

  it('loads the AWS SDK for a stage, so that this test would see it', () => {
    expect([...packagesOf('lib/cloud/open-stage.ts')].some((name) => name.startsWith('@aws-sdk'))).toBe(true);
  });
});
