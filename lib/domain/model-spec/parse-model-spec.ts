import type * as z from 'zod';
import { MillraceError } from '../../wire/errors.ts';
import { shortJson } from '../../wire/json.ts';
import { parseJsonFile } from '../../wire/parse-json-file.ts';
import { ModelSpec } from './spec.ts';
import { type SpecConflict, specConflicts } from './spec-conflicts.ts';

type Issue = z.core.$ZodIssue;

const shown = (value: unknown): string => (value === undefined ? 'nothing' : shortJson(value, 80));

/** The value at a path, of own properties only. */
const valueAt = (root: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, name)
        ? Reflect.get(value, name)
        : undefined,
    root,
  );

const pathText = (path: readonly PropertyKey[]): string => path.map(String).join('.') || '(the file)';

const bound = (issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string => {
  const isLow = issue.code === 'too_small';
  const limit = isLow ? issue.minimum : issue.maximum;
  const words = { string: 'characters', array: 'entries', number: '', int: '' } as const;
  const unit = issue.origin in words ? words[issue.origin as keyof typeof words] : issue.origin;
  const exclusive =
    issue.inclusive === false ? (isLow ? 'more than' : 'less than') : isLow ? 'at least' : 'at most';
  return `${exclusive} ${limit} ${unit}`.trim();
};

const expectedBy = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type':
      return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map(shown).join(', ')}`;
    case 'too_small':
    case 'too_big':
      return bound(issue);
    case 'invalid_union':
      if ('options' in issue && Array.isArray(issue.options))
        return `one of ${issue.options.map(shown).join(', ')}`;
      return [...new Set(issue.errors.flat().map(expectedBy))].join(', or ');
    default:
      return issue.message;
  }
};

/** One line for each thing that is wrong: unknown names each get their own. */
const problemsOf = (issue: Issue, root: unknown): readonly SpecConflict[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      came: 'a name that is not known here',
      expected: 'none of that name (docs/model-json.md lists them all)',
    }));
  // A union whose one branch got further than the path itself has the better story.
  const deeper =
    issue.code === 'invalid_union'
      ? issue.errors.find((branch) => branch.some(({ path }) => path.length > 0))
      : undefined;
  if (deeper !== undefined)
    return deeper.flatMap((inner) =>
      problemsOf({ ...inner, path: [...issue.path, ...inner.path] } as Issue, root),
    );
  return [
    { path: pathText(issue.path), came: shown(valueAt(root, issue.path)), expected: expectedBy(issue) },
  ];
};

/** More than people mend in one go; a generated file may be wrong in ten thousand places. */
const maxProblems = 100;

const refuse = (all: readonly SpecConflict[]): never => {
  const problems = all.slice(0, maxProblems);
  const told = problems.map(({ path, came, expected }) => `${path}: ${came} came, expected ${expected}`);
  if (all.length > maxProblems) told.push(`and ${all.length - maxProblems} more`);
  throw new MillraceError('MODEL_SPEC_INVALID', `model.json does not fit (${told.join(' | ')})`, {
    issues: problems,
  });
};

/**
 * Reads `model.json`. Throws MODEL_SPEC_INVALID that names every path that is wrong (the first 100), what came and what was expected,
 * or the line and column where the text stops being JSON. With `expectedName`, the name must be that one: the folder
 * the file was dropped into.
 */
export const parseModelSpec = (text: string, options: { readonly expectedName?: string } = {}): ModelSpec => {
  const root = parseJsonFile(text.replace(/^\uFEFF/, ''), 'model.json', 'MODEL_SPEC_INVALID');
  const parsed = ModelSpec.safeParse(root);
  if (!parsed.success) return refuse(parsed.error.issues.flatMap((issue) => problemsOf(issue, root)));
  const spec = parsed.data;
  const { expectedName } = options;
  const misnamed =
    expectedName !== undefined && spec.name !== expectedName
      ? [
          {
            path: 'name',
            came: shown(spec.name),
            expected: `${shown(expectedName)}, the folder it was dropped into`,
          },
        ]
      : [];
  const problems = [...misnamed, ...specConflicts(spec)];
  return problems.length > 0 ? refuse(problems) : spec;
};
