import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../lib/wire/errors.ts';

const root = path.resolve(import.meta.dirname, '../..');
const page = path.join(root, 'docs/errors.md');

const render = (): string =>
  [
    '# Errors',
    '',
    'Every error says what happened, with the value, what was expected, and what to do next. This table is the',
    'catalogue in `lib/wire/errors.ts`; made anew by `UPDATE=1 npx vitest run test/house/errors-page.test.ts`.',
    '',
    '| code | what to do |',
    '| --- | --- |',
    ...Object.entries(errorCatalogue)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([code, remedy]) => `| \`${code}\` | ${remedy.replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');

describe('docs/errors.md', () => {
  it('equals the catalogue', () => {
    if (process.env.UPDATE) writeFileSync(page, render());

    expect(readFileSync(page, 'utf8')).toBe(render());
  });

  it('lists no error that nothing raises', () => {
    const sources = globSync('{lib,lambdas,bin,build,statemachines}/**/*.{ts,json}', { cwd: root })
      .filter((file) => !file.endsWith(path.join('wire', 'errors.ts')))
      .map((file) => readFileSync(path.join(root, file), 'utf8'))
      .join('\n');

    expect(Object.keys(errorCatalogue).filter((code) => !sources.includes(code))).toEqual([]);
  });
});
