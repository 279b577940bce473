import type { GraphBuilder } from './graph-builder.ts';

/**
 * Calendar arithmetic in int64, after Howard Hinnant's civil_from_days
 * (https://howardhinnant.github.io/date_algorithms.html#civil_from_days). Years begin in March there, so that the
 * leap day is the last day of its year.
 *
 * symbol       meaning                                             range
 * day          days since 1970-01-01                               negative before 1970
 * marchDay     days since 0000-03-01                               day + 719468
 * dayOfEra     days since the begin of the 400 years (an era)      0..146096
 * yearOfEra    full years since then                               0..399
 * dayOfYear    (in march) days since 1 March                       0..365
 * monthOfYear  (in march) months since March                       0..11
 *
 * ONNX divides integers towards zero, and Mod takes the sign of its divisor: floor(a/b) = (a − Mod(a, b)) / b.
 * On numbers that cannot be negative Div alone is the floor. All tensors are [N, k] int64.
 */
export const graphCalendar = ({ op, ints }: GraphBuilder, milliseconds: string) => {
  const plus = (a: string, b: number) => op('Add', a, ints([b]));
  const times = (a: string, b: number) => op('Mul', a, ints([b]));
  const by = (a: string, b: number) => op('Div', a, ints([b]));
  const mod = (a: string, b: number) => op('Mod', a, ints([b]));
  const floorBy = (a: string, b: number) => by(op('Sub', a, mod(a, b)), b);

  const timeOfDay = once(() => mod(milliseconds, dayMs));
  const day = once(() => by(op('Sub', milliseconds, timeOfDay()), dayMs));

  const marchDay = once(() => plus(day(), 719_468));
  const dayOfEra = once(() => mod(marchDay(), 146_097));
  const yearOfEra = once(() => {
    // Leap days so far: one every 1461 days less one a century (36524) plus one an era (146096), before dividing by 365.
    const withoutFourths = op('Sub', dayOfEra(), by(dayOfEra(), 1460));
    const withCenturies = op('Add', withoutFourths, by(dayOfEra(), 36_524));
    return by(op('Sub', withCenturies, by(dayOfEra(), 146_096)), 365);
  });
  const marchDayOfYear = once(() => {
    const leapDays = op('Sub', by(yearOfEra(), 4), by(yearOfEra(), 100));
    return op('Sub', dayOfEra(), op('Add', times(yearOfEra(), 365), leapDays));
  });
  const marchMonth = once(() => by(plus(times(marchDayOfYear(), 5), 2), 153));

  const year = once(() => {
    const era = by(op('Sub', marchDay(), dayOfEra()), 146_097);
    const marchYear = op('Add', yearOfEra(), times(era, 400));
    return op('Add', marchYear, by(marchMonth(), 10)); // January and February, months 10 and 11, belong to the next year
  });
  const dayOfYear = once(() => {
    const years = plus(year(), -1);
    const leapDays = op('Add', op('Sub', floorBy(years, 4), floorBy(years, 100)), floorBy(years, 400));
    const daysBefore = op('Add', times(years, 365), leapDays); // since 0001-01-01, which is day −719162
    return op('Sub', plus(day(), 719_163), daysBefore);
  });

  return {
    year,
    dayOfYear,
    month: () => plus(mod(plus(marchMonth(), 2), 12), 1),
    dayOfMonth: () => plus(op('Sub', marchDayOfYear(), by(plus(times(marchMonth(), 153), 2), 5)), 1),
    dayOfWeek: () => plus(mod(plus(day(), 3), 7), 1), // 1970-01-01 was a Thursday
    hour: () => by(timeOfDay(), 3_600_000),
    minuteOfDay: () => by(timeOfDay(), 60_000),
  };
};

export type Calendar = ReturnType<typeof graphCalendar>;

const dayMs = 86_400_000;

/** Adds the nodes at the first call, gives the same tensor at the next. */
const once = (add: () => string): (() => string) => {
  let tensor: string | undefined;
  return () => {
    tensor ??= add();
    return tensor;
  };
};
