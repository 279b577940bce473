import { missingDatetime } from '../dataset/index.ts';
import type { DatePart } from './fitted-features.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { type Calendar, graphCalendar } from './graph-calendar.ts';

/** Adds the date parts, one column a rule: each part is computed once, for all datetime columns side by side. */
export const dateParts = (
  builder: GraphBuilder,
  rules: readonly { readonly column: string; readonly part: DatePart }[],
): string => {
  const { op, concat, cast, doubles, ints, pick } = builder;
  const columns = [...new Set(rules.map(({ column }) => column))];
  const parts = [...new Set(rules.map(({ part }) => part))];
  const milliseconds = concat(columns);
  const isMissing = op('Equal', milliseconds, ints([missingDatetime]));
  const calendar = graphCalendar(builder, op('Where', isMissing, ints([0]), milliseconds));
  const values = cast(concat(parts.map((part) => readPart[part](calendar))), 'float64');
  const isGap = columns.length === 1 ? isMissing : concat(parts.map(() => isMissing)); // one column broadcasts
  const all = op('Where', isGap, doubles([Number.NaN]), values);
  const wanted = rules.map(
    ({ column, part }) => parts.indexOf(part) * columns.length + columns.indexOf(column),
  );
  const isAllInOrder =
    wanted.length === parts.length * columns.length && wanted.every((position, i) => position === i);
  return isAllInOrder ? all : pick(all, ints(wanted));
};

const readPart: Record<DatePart, (calendar: Calendar) => string> = {
  year: (calendar) => calendar.year(),
  month: (calendar) => calendar.month(),
  dayOfMonth: (calendar) => calendar.dayOfMonth(),
  dayOfWeek: (calendar) => calendar.dayOfWeek(),
  dayOfYear: (calendar) => calendar.dayOfYear(),
  hour: (calendar) => calendar.hour(),
  minuteOfDay: (calendar) => calendar.minuteOfDay(),
};
