import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../../..');
const files = globSync('lib/adapters/aws/*.ts', { cwd: root });

/** What a file brings into a bundle: values it imports, directly or through its own files; types weigh nothing. */
const packagesOf = (file: string, seen = new Set<string>()): ReadonlySet<string> => {
  const packages = new Set<string>();
  if (seen.has(file)) return packages;
  seen.add(file);
  const text = readFileSync(path.join(root, file), 'utf8');
  for (const [, kind, target = ''] of text.matchAll(/^import (type )?[^;]*?'([^']+)';/gmu)) {
    if (kind !== undefined) continue;
    if (!target.startsWith('.')) packages.add(target);
    else for (const one of packagesOf(path.join(path.dirname(file), target), seen)) packages.add(one);
  }
  return packages;
};

describe('the AWS adapters', () => {
  it('bring one client each into a bundle, so that a function carries only what it uses', () => {
    const clientsOf = (file: string) =>
      [...packagesOf(file)].filter((name) => name.startsWith('@aws-sdk/client-'));

    expect(clientsOf('lib/adapters/aws/sns-notifier.ts')).toEqual(['@aws-sdk/client-sns']);
    expect(clientsOf('lib/adapters/aws/objects-by-prefix.ts')).toEqual(['@aws-sdk/client-s3']);
    expect(files.length).toBeGreaterThan(15);
    expect(files.filter((file) => clientsOf(file).length > 1)).toEqual([]);
  });
});
