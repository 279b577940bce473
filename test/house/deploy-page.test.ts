import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  type Bill,
  billOf,
  pricesAsOf,
  type Team,
  trainingJobUsd,
  usesAsleep,
  usesPredicting,
  usesTraining,
  usuallyKept,
} from '../../lib/domain/cost/index.ts';
import { outputNames } from '../../lib/wire/names.ts';
import { readSettings, Settings } from '../../lib/wire/settings.ts';

const root = path.resolve(import.meta.dirname, '../..');
const file = path.join(root, 'docs/deploy.md');

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
}

const kindsOf = ({ oneOf = [] }: Schema): readonly Schema[] =>
  oneOf.flatMap(({ properties }) => properties?.kind ?? []);

const takesOf = (schema: Schema): string => {
  const kinds = kindsOf(schema);
  if (kinds.length > 0) return kinds.map((kind) => `\`{"kind": "${kind.const}", …}\``).join(' or ');
  if (schema.enum !== undefined && schema.enum.length < 6)
    return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(', ');
  if (schema.enum !== undefined) return `one of ${schema.enum.join(', ')}`;
  const { minimum, maximum } = schema;
  const bounds = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : '';
  const words: Record<string, string> = {
    string: 'text',
    array: 'a list',
    integer: 'a whole number',
    object: '',
  };
  return `${words[schema.type ?? ''] ?? schema.type}${bounds}`;
};

const rowOf = (key: string, schema: Schema): string => {
  const described = [schema, ...kindsOf(schema)].flatMap(({ const: kind, description }) =>
    description === undefined ? [] : kind === undefined ? description : `${kind}: ${description}`,
  );
  const usual = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
  return `| \`${key}\` | ${takesOf(schema)} | ${usual} | ${described.join('; ')} |`;
};

/** A line for each setting, and for each within it. `functions` has the same two for each function. */
const rowsOf = (schema: Schema, prefix = ''): readonly string[] =>
  Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    if (name === '$schema' || name === 'kind') return [];
    const key = `${prefix}${name}`;
    if (key === 'functions')
      return [
        rowOf('functions', one),
        '| `functions.<name>.memoryMb` | a whole number from 128 to 10240 |  | 1,769 MB are one core |',
        '| `functions.<name>.timeoutSeconds` | a whole number from 1 to 900 |  |  |',
      ];
    return [
      rowOf(key, one),
      ...rowsOf(one, `${key}.`),
      ...(one.oneOf ?? []).flatMap((variant) => rowsOf(variant, `${key}.`)),
    ];
  });

const settingsTable = (): string =>
  [
    '| setting | takes | default | what it means |',
    '| --- | --- | --- | --- |',
    ...rowsOf(z.toJSONSchema(Settings, { io: 'input' }) as Schema),
  ].join('\n');

const team = (settings: object = {}): Team => ({
  settings: readSettings(settings),
  models: 1,
  kept: usuallyKept,
});

const costRow = (
  what: string,
  { usd, usdAfterFree }: Pick<Bill, 'usd' | 'usdAfterFree'>,
  per: string,
): string => `| ${what} | $${usd.toFixed(2)} ${per} | $${usdAfterFree.toFixed(2)} ${per} |`;

const atWork = (predictionsPerDay: number): Bill =>
  billOf([...usesAsleep(team()), ...usesPredicting(team(), { predictionsPerDay, rowsPerRequest: 1 })]);

const costTable = (): string => {
  const jobUsd = trainingJobUsd('ml.m5.xlarge', 1);
  return [
    `| prices noted ${pricesAsOf} | list | paid |`,
    '| --- | --- | --- |',
    costRow('asleep', billOf(usesAsleep(team())), 'a month'),
    costRow(
      'asleep, with a key of your own',
      billOf(usesAsleep(team({ customerManagedKey: true }))),
      'a month',
    ),
    costRow('1,000 predictions a day, one a request', atWork(1000), 'a month'),
    costRow('100,000 predictions a day', atWork(100_000), 'a month'),
    costRow('1,000,000 predictions a day', atWork(1_000_000), 'a month'),
    costRow('a training of 3 minutes in Lambda', billOf(usesTraining(team(), 3)), 'each'),
    costRow('a SageMaker job of an hour on ml.m5.xlarge', { usd: jobUsd, usdAfterFree: jobUsd }, 'each'),
  ].join('\n');
};

const filled = (page: string, region: string, text: string): string => {
  const [start, end] = [`<!-- ${region}:start -->`, `<!-- ${region}:end -->`];
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/deploy.md has no region ${region}`);
  return `${page.slice(0, from + start.length)}\n${text}\n${page.slice(to)}`;
};

describe('docs/deploy.md', () => {
  it('lists the settings as the schema has them, and what `millrace cost` says', () => {
    const page = readFileSync(file, 'utf8');
    const fresh = filled(filled(page, 'settings', settingsTable()), 'cost', costTable());
    if (process.env.UPDATE) writeFileSync(file, fresh);

    // Made anew by `UPDATE=1 npx vitest run test/house/deploy-page.test.ts`.
    expect(readFileSync(file, 'utf8')).toBe(fresh);
  });

  it('shows settings that fit', () => {
    const shown = [...readFileSync(file, 'utf8').matchAll(/```json\n(\{ "stage"[\s\S]*?)```/g)];

    expect(shown.length).toBeGreaterThan(0);
    for (const [, text = ''] of shown) expect(() => readSettings(JSON.parse(text))).not.toThrow();
  });

  it('names outputs, npm scripts and files that are there', () => {
    const page = readFileSync(file, 'utf8');
    const scripts = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')).scripts;

    for (const [, name = ''] of page.matchAll(/OutputKey=='(\w+)'/g))
      expect(Object.values(outputNames)).toContain(name);
    for (const [, name = ''] of page.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toHaveProperty(name);
    for (const [name] of page.matchAll(/(?:examples|containers|\.github)\/[\w./-]+\w/g))
      expect(() => readFileSync(path.join(root, name)), name).not.toThrow(/ENOENT/);
  });
});
