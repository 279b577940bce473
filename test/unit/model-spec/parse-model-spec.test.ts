import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseModelSpec } from '../../../lib/domain/model-spec/index.ts';
import { isMillraceError } from '../../../lib/wire/errors.ts';
import { findJsonFault } from '../../../lib/wire/json-fault.ts';

const minimal = { name: 'houses', task: 'binary', target: 'sold' };

const issuesOf = (spec: unknown, expectedName?: string): readonly string[] => {
  const text = typeof spec === 'string' ? spec : JSON.stringify(spec);
  try {
    parseModelSpec(text, expectedName === undefined ? {} : { expectedName });
  } catch (error) {
    if (!isMillraceError(error, 'MODEL_SPEC_INVALID')) throw error;
    const issues = error.details.issues;
    return Array.isArray(issues)
      ? issues.map(({ path, came, expected }) => `${path}: ${came} / ${expected}`)
      : [error.message];
  }
  return [];
};

describe('a model.json', () => {
  it('needs three lines, and has a default for the rest', () => {
    const spec = parseModelSpec(JSON.stringify(minimal));

    expect(spec).toMatchObject({
      trainer: { kind: 'boosted-trees', seed: 7 },
      quality: { maxBadShare: 0.05, minRows: 50 },
      split: { by: 'hash', test: 0.15 },
      approval: { policy: 'manual' },
    });
  });

  it('nested beyond all measure is refused like any other that does not fit', () => {
    const nested = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;

    expect(issuesOf(nested)).toEqual(['(the file): a list of too many levels / an object']);
  });

  it('wrong in thousands of places is refused as fast, with the first hundred of them', () => {
    const columns = Object.fromEntries(Array.from({ length: 20_000 }, (_, column) => [`c${column}`, 5]));

    const issues = issuesOf({ ...minimal, columns });

    expect(issues).toHaveLength(100);
    expect(() => parseModelSpec(JSON.stringify({ ...minimal, columns }))).toThrow('and 19900 more');
  });

  it('may be watched in windows of up to a week, which is as far as an alarm looks back', () => {
    const within = (windowHours: number) => issuesOf({ ...minimal, monitor: { windowHours } });

    expect(within(168)).toEqual([]);
    expect(within(169)).toEqual(['monitor.windowHours: 169 / at most 168']);
  });

  it('may begin with a byte order mark', () => {
    expect(parseModelSpec(`\uFEFF${JSON.stringify(minimal)}`).name).toBe('houses');
  });

  it('is refused with every path that is wrong, what came and what was expected', () => {
    const issues = issuesOf({
      name: 'Big House',
      task: 'guess',
      target: 3,
      split: { test: 'half', fold: 3 },
      features: [
        { name: 'x', transform: 'sqrt', column: 'a' },
        { name: 'y', transform: 'log' },
      ],
      quality: { columns: { area: { min: '0' } }, maxBadShare: 2 },
      trainer: { kind: 'linear', l2: -1 },
    });

    expect(issues).toEqual([
      'name: "Big House" / lower-case letters, digits and single hyphens, starting with a letter',
      'task: "guess" / one of "binary", "multiclass", "regression"',
      'target: 3 / a string, or an object',
      expect.stringMatching(/^features\.0\.transform: "sqrt" \/ one of "year", /),
      'features.1.column: nothing / a string',
      'quality.maxBadShare: 2 / at most 1',
      'quality.columns.area.min: "0" / a number',
      'split.test: "half" / a number',
      expect.stringMatching(/^split\.fold: a name that is not known here/),
      'trainer.l2: -1 / at least 0',
    ]);
  });

  it('says which part of a label expression is wrong', () => {
    expect(issuesOf({ ...minimal, target: { sql: 3 } })).toEqual(['target.sql: 3 / a string']);
  });

  it('must bear the name of its folder', () => {
    expect(issuesOf(minimal, 'flats')).toEqual(['name: "houses" / "flats", the folder it was dropped into']);
  });

  it.each([
    [{ split: { by: 'time' } }, 'split.by'],
    [{ dataWindow: { days: 3 } }, 'dataWindow.days'],
    [{ quality: { maxAgeHours: 3 } }, 'quality.maxAgeHours'],
    [{ eventTime: 'day', columns: { day: 'number' } }, 'columns.day'],
    [{ task: 'multiclass', positiveClass: 'a' }, 'positiveClass'],
    [{ columns: { sold: 'ignore' } }, 'columns.sold'],
    [{ key: ['sold'] }, 'key'],
    [{ eventTime: 'sold' }, 'eventTime'],
    [{ key: ['id', 'id'] }, 'key.1'],
    [{ features: [{ name: 'x', transform: 'log', column: 'sold' }] }, 'features.0'],
    [
      {
        features: [
          { name: 'x', transform: 'log', column: 'a' },
          { name: 'x', transform: 'log', column: 'b' },
        ],
      },
      'features.1.name',
    ],
    [{ features: [{ name: 'x', transform: 'bucket', column: 'a', edges: [1, 3, 3] }] }, 'features.0.edges.2'],
    [{ features: [{ name: 'x', transform: 'clip', column: 'a' }] }, 'features.0'],
    [{ features: [{ name: 'x', transform: 'clip', column: 'a', min: 2, max: 1 }] }, 'features.0'],
    [{ features: [{ name: 'x', transform: 'ratio', numerator: 'a', denominator: 'a' }] }, 'features.0'],
    [{ task: 'regression', gates: { minAuc: 0.7 } }, 'gates.minAuc'],
    [{ gates: { maxRmse: 1 } }, 'gates.maxRmse'],
    [{ gates: { slices: ['a', 'a'] } }, 'gates.slices.1'],
    [{ quality: { columns: { a: { min: 3, max: 2 } } } }, 'quality.columns.a'],
    [
      {
        rollOut: {
          steps: [
            { percent: 50, minutes: 1 },
            { percent: 10, minutes: 1 },
          ],
        },
      },
      'rollOut.steps.1.percent',
    ],
  ])('is refused when its parts do not fit each other: %j', (part, path) => {
    const issues = issuesOf({ ...minimal, ...part });

    expect(issues).toHaveLength(1);
    expect(issues[0]?.split(': ')[0]).toBe(path);
  });
});

describe('a text that is not JSON', () => {
  it.each([
    ['{\n  "name": "a",\n  task: 1\n}', 'line 3, column 3: "task: 1" came, expected a key in double quotes'],
    ['{"name": "a",}', 'line 1, column 14: "}" came, expected a key in double quotes'],
    ['{"a": 1 "b": 2}', 'line 1, column 9: "\\"b\\": 2}" came, expected a comma or the closing bracket'],
    ['{"a": tru}', 'line 1, column 7: "tru}" came, expected a value'],
    ['{"a": "x\ny"}', 'line 1, column 9: "" came, expected no raw control character inside a string'],
    ['{"a": 1}}', 'line 1, column 9: "}" came, expected nothing after the value'],
    ['{"a": [1,', 'the end of the text came, expected a value'],
    ['', 'line 1, column 1: the end of the text came, expected a value'],
    ["{'a': 1}", 'expected a key in double quotes or } (JSON has double quotes only)'],
  ])('is told by line and column: %j', (text, message) => {
    expect(() => parseModelSpec(text)).toThrow(message);
  });

  it('has a fault exactly when JSON.parse finds one', () => {
    const parses = (text: string): boolean => {
      try {
        JSON.parse(text);
        return true;
      } catch {
        return false;
      }
    };
    const spoiled = fc
      .tuple(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', ',', '"', '}', ']', '\\', '\n', '1', 'e', '.', '\u0007', '\uD83D'),
      )
      .map(
        ([text, place, spoil]) =>
          text.slice(0, place % (text.length + 1)) + spoil + text.slice((place % (text.length + 1)) + 1),
      );

    fc.assert(
      fc.property(
        fc.oneof(fc.json(), spoiled),
        (text) => (findJsonFault(text) === undefined) === parses(text),
      ),
      { numRuns: 2000 },
    );
  });
});
