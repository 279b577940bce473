import type { ComparedRows } from './baseline-column.ts';
import { noiseLevel } from './drift-score.ts';
import { missingOf, type Profile } from './profile.ts';

/** Some columns of what is compared and of a window's profile: both without the columns of these names. */
export const withoutColumns = <Compared extends ComparedRows>(
  compared: Compared,
  profile: Profile,
  names: readonly string[],
): { readonly compared: Compared; readonly profile: Profile } => {
  if (names.length === 0) return { compared, profile };
  const isKept = (_: unknown, index: number) => {
    const column = compared.columns[index];
    return column === undefined || column.of !== 'feature' || !names.includes(column.name);
  };
  return {
    compared: { ...compared, columns: compared.columns.filter(isKept) },
    profile: { ...profile, columns: profile.columns.filter(isKept) },
  };
};

/**
 * Features that no row of the window has, though the baseline's rows did: gone, where chance does not explain it. With s
 * the share of the baseline's rows that had no value, m rows and d columns: s^m < α/d.
 */
export const vanishedColumns = ({ columns }: ComparedRows, window: Profile): readonly string[] =>
  columns.flatMap(({ name, of, counts }, index) => {
    const now = window.columns[index];
    if (of !== 'feature' || now === undefined || now.wrong > 0 || window.rows === 0) return [];
    const total = counts.counts.reduce((sum, count) => sum + count, 0);
    const isGone = missingOf(now) === window.rows && total > 0;
    const byChance = window.rows * Math.log(missingOf(counts) / total);
    return isGone && byChance < Math.log(noiseLevel / columns.length) ? [name] : [];
  });
