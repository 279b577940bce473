import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const files = ['lib', 'lambdas', 'bin'].flatMap((folder) => globSync(`${folder}/**/*.ts`, { cwd: root }));

/** Who may import whom: a file may import its own layer and those listed. Nothing else. */
const allowed: Record<string, readonly string[]> = {
  wire: [],
  domain: ['wire'],
  ports: ['wire', 'domain'],
  registry: ['wire', 'domain', 'ports'],
  adapters: ['wire', 'domain', 'ports'],
  serving: ['wire', 'domain', 'ports', 'registry'],
  console: ['wire', 'domain', 'ports', 'registry', 'serving'],
  lambdas: ['wire', 'domain', 'ports', 'registry', 'adapters', 'serving', 'console'],
  cloud: ['wire', 'domain', 'ports', 'registry', 'adapters', 'lambdas'],
  laptop: ['wire', 'domain', 'ports', 'registry', 'adapters', 'serving', 'console', 'lambdas'],
  cli: [
    'wire',
    'domain',
    'ports',
    'registry',
    'adapters',
    'serving',
    'console',
    'lambdas',
    'laptop',
    'cloud',
  ],
  constructs: ['wire'],
  stacks: ['wire', 'constructs'],
  bin: ['wire', 'cli', 'laptop', 'stacks'],
};

const layerOf = (file: string): string => {
  const [first = '', second = ''] = file.split(path.sep);
  return first === 'lib' ? second : first;
};

const importsOf = (file: string): string[] => {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/(?:from\s+|import\s*\(\s*|import\s+)'([^']+)'/g)].map((match) => match[1] ?? '');
};

const relativeImports = (file: string) =>
  importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => path.normalize(path.join(path.dirname(file), target)));

describe('the walls of the house', () => {
  it('finds the house', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it('lets imports run one way only', () => {
    const wrong = files.flatMap((file) =>
      relativeImports(file)
        .filter((target) => {
          const from = layerOf(file);
          const to = layerOf(target);
          return from !== to && !(allowed[from] ?? []).includes(to);
        })
        .map((target) => `${file} imports ${target}`),
    );

    expect(wrong).toEqual([]);
  });

  it('knows every layer there is', () => {
    expect([...new Set(files.map(layerOf))].filter((layer) => !(layer in allowed))).toEqual([]);
  });

  it('keeps the domain and the ports free of AWS, the CDK, disk, network and process', () => {
    const worldly =
      /^(@aws-sdk|aws-cdk-lib|constructs|@duckdb|onnxruntime-node|node:(fs|net|http|https|os|child_process|worker_threads|sqlite|path|process|timers))/;
    const wrong = files
      .filter((file) => ['domain', 'ports', 'wire'].includes(layerOf(file)))
      .flatMap((file) =>
        importsOf(file)
          .filter((target) => worldly.test(target))
          .map((target) => `${file} imports ${target}`),
      );

    expect(wrong).toEqual([]);
  });

  it('keeps the domain free of clocks and chance', () => {
    const impure =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.(env|cwd|exit)|\brandomUUID\(|\brandomBytes\(/;
    const code = (file: string) =>
      readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const wrong = files.filter((file) => layerOf(file) === 'domain' && impure.test(code(file)));

    expect(wrong).toEqual([]);
  });

  it('enters a domain folder by its index from outside the domain', () => {
    const wrong = files
      .filter((file) => !file.startsWith(path.join('lib', 'domain')))
      .flatMap((file) =>
        relativeImports(file)
          .filter(
            (target) => target.startsWith(path.join('lib', 'domain')) && path.basename(target) !== 'index.ts',
          )
          .map((target) => `${file} imports ${target}`),
      );

    expect(wrong).toEqual([]);
  });

  it('exports by name: no star exports, no defaults', () => {
    const wrong = files.filter((file) =>
      /^export (\*(?! as)|default)/m.test(readFileSync(path.join(root, file), 'utf8')),
    );

    expect(wrong).toEqual([]);
  });
});
