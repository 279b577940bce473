import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const manifest = JSON.parse(read('package.json'));
const dependencies: Record<string, string> = {
  ...manifest.dependencies,
  ...manifest.devDependencies,
  ...manifest.optionalDependencies,
};

describe('dependencies', () => {
  it('are pinned to one version each', () => {
    expect(
      Object.entries(dependencies).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)),
    ).toEqual([]);
  });

  it('earn their place in one line of docs/dependencies.md', () => {
    const page = read('docs/dependencies.md');

    expect(Object.keys(dependencies).filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
    const listed = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? '');
    expect(listed.filter((name) => !(name in dependencies))).toEqual([]);
  });

  it('run no install scripts', () => {
    expect(read('.npmrc')).toContain('ignore-scripts=true');
  });

  it('are locked without naming a registry host', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });

  it('stay out of the source: no host of a registry, no path of a machine', () => {
    const files = globSync('{lib,lambdas,bin,docs,examples,statemachines,bench}/**/*.{ts,md,json}', {
      cwd: root,
    });
    const wrong = files.filter((file) =>
      /registry\.npmjs|\/work\/main|\/root\/|\.\.\/shared\/design/.test(read(file)),
    );

    expect(wrong).toEqual([]);
  });
});
