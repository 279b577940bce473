import type { ModelSpec } from '../../domain/model-spec/index.ts';
import { columnsOfTransform } from '../../domain/model-spec/index.ts';
import { MillraceError } from '../../wire/errors.ts';

const suggestion = (name: string, columns: readonly string[]): string => {
  const alike = columns.find((column) => column.trim().toLowerCase() === name.trim().toLowerCase());
  return alike === undefined
    ? `one of ${columns.slice(0, 30).join(', ')}`
    : `"${alike}", which differs in case only`;
};

/** Throws TARGET_MISSING or COLUMN_MISSING for the first column that model.json needs and the data has not. */
export const requireColumns = (spec: ModelSpec, columns: readonly string[]): void => {
  const missing = (name: string): boolean => !columns.includes(name);
  if (typeof spec.target === 'string' && missing(spec.target))
    throw new MillraceError(
      'TARGET_MISSING',
      `the data has no column "${spec.target}", expected ${suggestion(spec.target, columns)}`,
      { column: spec.target, columns },
    );
  const named: readonly (readonly [string, string])[] = [
    ...spec.key.map((name, place) => [`key.${place}`, name] as const),
    ...(spec.eventTime === undefined ? [] : [['eventTime', spec.eventTime] as const]),
    ...spec.features.flatMap((transform, place) =>
      columnsOfTransform(transform).map((name) => [`features.${place}`, name] as const),
    ),
    ...spec.gates.slices.map((name, place) => [`gates.slices.${place}`, name] as const),
  ];
  const first = named.find(([, name]) => missing(name));
  if (first !== undefined)
    throw new MillraceError(
      'COLUMN_MISSING',
      `${first[0]} in model.json names "${first[1]}", which the data has not, expected ${suggestion(first[1], columns)}`,
      { path: first[0], column: first[1], columns },
    );
};
