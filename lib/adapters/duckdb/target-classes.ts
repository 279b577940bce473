import type { ValueCount } from '../../domain/dataset/index.ts';
import type { ModelSpec, ResolvedSpec } from '../../domain/model-spec/index.ts';
import { MillraceError } from '../../wire/errors.ts';

/** More classes than this is a mistaken target (a name, a number) far more often than a real task. */
const maxClasses = 200;

/** Refuses a target that no classifier can learn. Throws ONE_CLASS_TARGET, TOO_MANY_CLASSES. */
export const requireClasses = (spec: ModelSpec, classes: readonly ValueCount[], where: string): void => {
  const names = classes.map(({ value, count }) => `${value} (${count})`);
  if (classes.length < 2)
    throw new MillraceError(
      'ONE_CLASS_TARGET',
      `the target has only ${names.join(', ') || 'no class'} in ${where}, expected two classes or more`,
      {
        classes,
      },
    );
  const limit = spec.task === 'binary' ? 2 : maxClasses;
  if (classes.length > limit)
    throw new MillraceError(
      'TOO_MANY_CLASSES',
      `the target has ${classes.length} classes (${names.slice(0, 5).join(', ')}, …), expected at most ${limit} for a ${spec.task} task`,
      { classes: classes.length, limit },
    );
};

const rarer = (classes: readonly ValueCount[]): string | undefined =>
  classes.toSorted((a, b) => a.count - b.count || (a.value < b.value ? 1 : -1))[0]?.value;

/** Class names in byte order, and for a binary task the positive one: named, else "true", else the rarer. */
export const resolveClasses = (
  spec: ModelSpec,
  classes: readonly ValueCount[],
): Pick<ResolvedSpec, 'classes' | 'positiveClass'> => {
  if (spec.task === 'regression') return {};
  const names = classes.map(({ value }) => value).toSorted();
  if (spec.task !== 'binary') return { classes: names };
  const named = spec.positiveClass;
  if (named !== undefined && names.length === 2 && !names.includes(named))
    throw new MillraceError(
      'MODEL_SPEC_INVALID',
      `positiveClass is "${named}", expected one of the classes ${names.join(', ')}`,
      { path: 'positiveClass', classes: names },
    );
  const positiveClass = named ?? (names.includes('true') ? 'true' : rarer(classes));
  return { classes: names, ...(positiveClass === undefined ? {} : { positiveClass }) };
};
