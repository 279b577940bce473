import {
  type BaselineColumn,
  type ComparedRows,
  predictedClass,
  predictedProbability,
  predictedValue,
} from './baseline-column.ts';
import type { Cell } from './bins.ts';
import type { CapturedPrediction } from './captured-prediction.ts';

const outputKeys: Readonly<Record<string, string>> = {
  [predictedClass]: 'label',
  [predictedProbability]: 'probability',
  [predictedValue]: 'value',
};

/** A JSON value as a cell; what is neither number nor text stays recognisably wrong for a number column. */
const cellOf = (value: unknown): Cell => {
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'number' ? value : String(value);
};

const readerOf = ({ name, of }: BaselineColumn): ((record: CapturedPrediction) => Cell) => {
  if (of === 'prediction') {
    const key = outputKeys[name] ?? name;
    return ({ output }) => cellOf(output[key]);
  }
  return ({ features }) => (Object.hasOwn(features, name) ? cellOf(features[name]) : undefined);
};

/** Finds the cell of each of the baseline's columns in a captured prediction. */
export const cellReader = (
  baseline: Pick<ComparedRows, 'columns'>,
): ((record: CapturedPrediction) => (index: number) => Cell) => {
  const readers = baseline.columns.map(readerOf);
  return (record) => (index) => readers[index]?.(record);
};
