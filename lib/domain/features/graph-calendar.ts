import type { GraphBuilder } from './graph-builder.ts';

/**
 * Calendar arithmetic in int64, after Neri and Schneider, "Euclidean affine functions and their application to
 * calendar algorithms" (2022, https://doi.org/10.1002/spe.3172). Years begin in March, so that the leap day is the
 * last day of its year; a century has 146097/4 days, a year 1461/4, a month 153/5.
 *
 * symbol          meaning                                                   range
 * day             days since 1970-01-01                                     negative before 1970
 * centuryDay      4 × days since the begin of the (March) century, + 3      3..146099
 * marchYear       (March) year                                              100 × century + year of century
 * marchDay        days since 1 March                                        0..365
 * monthDay        5 × marchDay + 308: 153 a month, from 2 months on         308..2133
 *
 * ONNX divides integers towards zero, and Mod takes the sign of its divisor: floor(a/b) = (a − Mod(a, b)) / b.
 * On numbers that cannot be negative Div alone is the floor. All tensors are [N, k] int64.
 */
export const graphCalendar = ({ op, ints }: GraphBuilder, milliseconds: string) => {
  const plus = (a: string, b: number) => op('Add', a, ints([b]));
  const times = (a: string, b: number) => op('Mul', a, ints([b]));
  const by = (a: string, b: number) => op('Div', a, ints([b]));
  const mod = (a: string, b: number) => op('Mod', a, ints([b]));

  const timeOfDay = once(() => mod(milliseconds, dayMs));
  const day = once(() => by(op('Sub', milliseconds, timeOfDay()), dayMs));

  // 0000-03-01 is day −719468, and 4 × 719468 + 3 = 2877875.
  const fourDays = once(() => plus(times(day(), 4), 2_877_875));
  const restOfCentury = once(() => mod(fourDays(), 146_097));
  const centuryDay = once(() => op('BitwiseOr', restOfCentury(), ints([3]))); // 4 × floor(rest / 4) + 3
  const marchDay = once(() => by(mod(centuryDay(), 1461), 4));
  const monthDay = once(() => plus(times(marchDay(), 5), 308));
  const monthFrom2 = once(() => by(monthDay(), 153)); // March 2, …, December 11, January 12, February 13

  const year = once(() => {
    const century = by(op('Sub', fourDays(), restOfCentury()), 146_097);
    const marchYear = op('Add', times(century, 100), by(centuryDay(), 1461));
    return op('Add', marchYear, by(monthFrom2(), 12)); // January and February belong to the next year
  });
  const dayOfYear = once(() => {
    const years = plus(year(), 400 * manyEras - 1);
    const leapDays = op('Add', op('Sub', by(years, 4), by(years, 100)), by(years, 400));
    const daysBefore = op('Add', times(years, 365), leapDays); // 0001-01-01 is day −719162
    return op('Sub', plus(day(), 146_097 * manyEras + 719_163), daysBefore);
  });

  return {
    year,
    dayOfYear,
    month: () => plus(mod(monthFrom2(), 12), 1),
    dayOfMonth: () => plus(by(mod(monthDay(), 153), 5), 1),
    dayOfWeek: () => plus(mod(plus(day(), 3), 7), 1), // 1970-01-01 was a Thursday
    hour: () => by(timeOfDay(), 3_600_000),
    minuteOfDay: () => by(timeOfDay(), 60_000),
  };
};

export type Calendar = ReturnType<typeof graphCalendar>;

const dayMs = 86_400_000;

/** Eras of 400 years added so that no year an int64 of milliseconds can name (±292 million) is negative. */
const manyEras = 1_000_000;

/** Adds the nodes at the first call, gives the same tensor at the next. */
const once = (add: () => string): (() => string) => {
  let tensor: string | undefined;
  return () => {
    tensor ??= add();
    return tensor;
  };
};
