import { readBaselineOf } from '../../lambdas/watch-models/drift-report.ts';
import { type BaselineColumn, judgeWindow, requiredRows } from '../domain/drift/index.ts';
import { describeMovement } from '../domain/drift-report/index.ts';
import { readModelMonitorFiles } from '../domain/model-monitor-files/index.ts';
import { MillraceError } from '../wire/errors.ts';
import type { FileComparison } from './drift-text.ts';
import type { Desk, Surroundings } from './surroundings.ts';

/** What a file is compared with. */
interface Yardstick {
  readonly words: string;
  readonly rows: number;
  readonly columns: readonly BaselineColumn[];
  readonly minRows: number;
  readonly notCompared: readonly string[];
}

/** As `monitor.minRows` is where a model.json does not say. */
const usualMinRows = 500;

/** The features of the champion's baseline: a file has no answers to compare. Throws NOTHING_SERVING, BASELINE_UNREADABLE. */
export const championYardstick = async (model: string, desk: Desk): Promise<Yardstick> => {
  const { registry } = desk;
  const { spec } = await registry.getSpec(model);
  const { champion } = await registry.getRoute(model);
  if (champion === undefined)
    throw new MillraceError('NOTHING_SERVING', `no version of "${model}" serves yet`, { model });
  const baseline = await readBaselineOf(model, champion, desk);
  if (baseline === undefined)
    throw new MillraceError(
      'BASELINE_UNREADABLE',
      `version ${champion} of "${model}" has no baseline that can be read`,
      { model, version: champion },
    );
  return {
    words: `the ${baseline.rows.toLocaleString('en-US')} validation rows of ${model}, version ${champion}`,
    rows: baseline.rows,
    columns: baseline.columns.filter(({ of }) => of === 'feature'),
    minRows: spec.monitor.minRows,
    notCompared: [],
  };
};

const readText = async (file: string, { readFile }: Surroundings): Promise<string> =>
  new TextDecoder().decode(await readFile(file));

/** What two files of SageMaker Model Monitor tell of the features. Throws BASELINE_FILE_INVALID. */
export const modelMonitorYardstick = async (
  files: { readonly statistics: string; readonly constraints: string },
  surroundings: Surroundings,
): Promise<Yardstick> => {
  const [statistics, constraints] = await Promise.all([
    readText(files.statistics, surroundings),
    readText(files.constraints, surroundings),
  ]);
  const { rows, columns, because } = readModelMonitorFiles({ statistics, constraints });
  const words = `the ${rows.toLocaleString('en-US')} rows of ${files.statistics}`;
  return { words, rows, columns, minRows: usualMinRows, notCompared: because };
};

/** Compares a data file with a baseline, as a window of that many rows would be. */
export const compareFile = async (
  file: string,
  { words, rows, columns, minRows, notCompared }: Yardstick,
  surroundings: Surroundings,
): Promise<FileComparison> => {
  const profile = await surroundings.profileFile(file, columns);
  const movements = columns.flatMap((column, place) => {
    const counts = profile.columns[place];
    const sentence = counts && describeMovement(column, counts);
    return sentence === undefined
      ? []
      : [[column.name, sentence.slice(sentence.indexOf('": ') + 3)] as const];
  });
  return {
    file,
    with: words,
    rows: profile.rows,
    unreadableRows: profile.unreadableRows,
    requiredRows: requiredRows(rows, columns.length, minRows),
    judged: judgeWindow({ rows, columns }, profile),
    movements: Object.fromEntries(movements),
    notCompared,
  };
};

/** Says that the file moved too far, which scripts know by the exit code. Throws DATA_DRIFTED. */
export const refuseDrift = ({ file, judged }: FileComparison): void => {
  const { drift, dataQuality } = judged;
  const over = [...(drift ? [drift] : []), dataQuality].filter(({ score }) => score >= 1);
  if (over.length > 0)
    throw new MillraceError('DATA_DRIFTED', `${file}: ${over.map(({ because }) => because).join('; ')}`, {
      file,
      drift: drift?.score,
      dataQuality: dataQuality.score,
    });
};
