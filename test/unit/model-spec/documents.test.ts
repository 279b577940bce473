import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { allowedFunctions } from '../../../lib/adapters/duckdb/allowed-functions.ts';
import { doubtfulWords, missingWords } from '../../../lib/domain/dataset/index.ts';
import { modelJsonPage, modelJsonSchema, parseModelSpec } from '../../../lib/domain/model-spec/index.ts';

const docs = join(import.meta.dirname, '../../../docs');
const read = (name: string): string => readFileSync(join(docs, name), 'utf8');

/** `UPDATE=1 vitest run test/unit/model-spec` writes what it would otherwise compare. */
const same = (name: string, made: string): void => {
  if (process.env.UPDATE === '1') writeFileSync(join(docs, name), made);
  expect(withoutPadding(read(name))).toBe(withoutPadding(made));
};

/** The formatter pads tables; what they say is what counts. */
const withoutPadding = (page: string): string => page.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');

const between = (page: string, mark: string, text: string): string => {
  const [begin, end] = [`<!-- ${mark}: begin -->`, `<!-- ${mark}: end -->`];
  expect(page).toContain(begin);
  return `${page.slice(0, page.indexOf(begin) + begin.length)}\n${text}\n${page.slice(page.indexOf(end))}`;
};

it('the schema that editors read is the schema that is enforced', () => {
  if (process.env.UPDATE === '1')
    writeFileSync(join(docs, 'model.schema.json'), `${JSON.stringify(modelJsonSchema(), null, 2)}\n`);

  // By value: the formatter has its own idea of line breaks in JSON.
  expect(JSON.parse(read('model.schema.json'))).toEqual(modelJsonSchema());
});

it('the page lists every field and every function as the code has them', () => {
  const words = [...allowedFunctions].filter((name) => /^[a-z]/.test(name)).toSorted();
  const functions = words.map((name) => `\`${name}\``).join(', ');

  const page = between(between(read('model-json.md'), 'fields', modelJsonPage()), 'functions', functions);

  same('model-json.md', page);
});

it('the shortest example of the page is a valid model.json', () => {
  const [, example] = /```json\n([\s\S]*?)```/.exec(read('model-json.md')) ?? [];

  expect(parseModelSpec(example ?? '', { expectedName: 'flight-delay' }).trainer.kind).toBe('boosted-trees');
});

it('the page on data names every word for missing', () => {
  for (const word of [...missingWords, ...doubtfulWords].filter((word) => word !== ''))
    expect(read('data-quality.md')).toContain(`\`${word}\``);
});
