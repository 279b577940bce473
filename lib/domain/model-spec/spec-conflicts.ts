import type { FeatureTransform } from './feature-transform.ts';
import { columnsOfTransform } from './feature-transform.ts';
import type { ModelSpec } from './spec.ts';

/** Two parts of a spec that do not go together. */
export interface SpecConflict {
  readonly path: string;
  readonly came: string;
  readonly expected: string;
}

const conflict = (isWrong: boolean, path: string, came: string, expected: string): readonly SpecConflict[] =>
  isWrong ? [{ path, came, expected }] : [];

const repeats = (values: readonly string[]): readonly number[] =>
  values.flatMap((value, place) => (values.indexOf(value) < place ? [place] : []));

const timeConflicts = ({
  eventTime,
  split,
  dataWindow,
  quality,
  columns,
}: ModelSpec): readonly SpecConflict[] => {
  const isAbsent = eventTime === undefined;
  const forced =
    eventTime === undefined || !Object.hasOwn(columns, eventTime) ? undefined : columns[eventTime];
  const isWrongKind = forced !== undefined && forced !== 'datetime' && forced !== 'ignore';
  return [
    ...conflict(
      isAbsent && split.by === 'time',
      'split.by',
      '"time" without eventTime',
      'eventTime to be named',
    ),
    ...conflict(
      isAbsent && dataWindow.days !== undefined,
      'dataWindow.days',
      'days without eventTime',
      'eventTime to be named',
    ),
    ...conflict(
      isAbsent && quality.maxAgeHours !== undefined,
      'quality.maxAgeHours',
      'a limit without eventTime',
      'eventTime to be named',
    ),
    ...conflict(
      isWrongKind,
      `columns.${eventTime}`,
      `"${forced}" for the event time`,
      '"datetime", or nothing',
    ),
  ];
};

const targetConflicts = ({
  target,
  key,
  columns,
  features,
  eventTime,
  positiveClass,
  task,
}: ModelSpec): readonly SpecConflict[] => {
  const positive = conflict(
    positiveClass !== undefined && task !== 'binary',
    'positiveClass',
    `a positive class in a ${task} task`,
    'task "binary"',
  );
  if (typeof target !== 'string') return positive;
  const leaks = features.flatMap((transform, place) =>
    conflict(
      columnsOfTransform(transform).includes(target),
      `features.${place}`,
      `a feature made from the target "${target}"`,
      'a column known when predicting',
    ),
  );
  const isOverridden = Object.hasOwn(columns, target);
  return [
    ...positive,
    ...leaks,
    ...conflict(
      isOverridden,
      `columns.${target}`,
      `${JSON.stringify(columns[target])} for the target`,
      'no entry: the task decides what the target is',
    ),
    ...conflict(key.includes(target), 'key', `the target "${target}"`, 'columns that identify a row'),
    ...conflict(eventTime === target, 'eventTime', `the target "${target}"`, 'another column'),
  ];
};

const transformConflicts = (transform: FeatureTransform, path: string): readonly SpecConflict[] => {
  switch (transform.transform) {
    case 'bucket': {
      const { edges } = transform;
      const at = edges.findIndex(
        (edge, place) => place > 0 && edge <= (edges[place - 1] ?? Number.NEGATIVE_INFINITY),
      );
      return conflict(
        at > 0,
        `${path}.edges.${at}`,
        `${edges[at]} after ${edges[at - 1]}`,
        'edges in ascending order, none twice',
      );
    }
    case 'clip': {
      const { min, max } = transform;
      return [
        ...conflict(
          min === undefined && max === undefined,
          path,
          'a clip without limits',
          'min, max or both',
        ),
        ...conflict(
          min !== undefined && max !== undefined && min >= max,
          path,
          `min ${min} and max ${max}`,
          'min below max',
        ),
      ];
    }
    case 'ratio':
      return conflict(
        transform.numerator === transform.denominator,
        path,
        `"${transform.numerator}" divided by itself`,
        'two columns',
      );
    default:
      return [];
  }
};

const featureConflicts = ({ features }: ModelSpec): readonly SpecConflict[] => [
  ...repeats(features.map(({ name }) => name)).flatMap((place) =>
    conflict(true, `features.${place}.name`, `"${features[place]?.name}" a second time`, 'names that differ'),
  ),
  ...features.flatMap((transform, place) => transformConflicts(transform, `features.${place}`)),
];

const regressionGates = ['maxRmse', 'maxMae', 'minR2'] as const;
const classificationGates = ['minAuc', 'minAccuracy', 'minF1', 'maxLogLoss', 'maxCalibrationError'] as const;

const gateConflicts = ({ gates, task }: ModelSpec): readonly SpecConflict[] => {
  const misfits = task === 'regression' ? classificationGates : regressionGates;
  const expected = task === 'regression' ? regressionGates : classificationGates;
  return misfits.flatMap((name) =>
    conflict(
      gates[name] !== undefined,
      `gates.${name}`,
      `a limit that a ${task} task has no metric for`,
      expected.join(', '),
    ),
  );
};

const qualityConflicts = ({ quality }: ModelSpec): readonly SpecConflict[] =>
  Object.entries(quality.columns).flatMap(([column, { min, max }]) =>
    conflict(
      min !== undefined && max !== undefined && min > max,
      `quality.columns.${column}`,
      `min ${min} and max ${max}`,
      'min up to max',
    ),
  );

const listConflicts = ({ key, gates, rollOut }: ModelSpec): readonly SpecConflict[] => [
  ...repeats(key).flatMap((place) =>
    conflict(true, `key.${place}`, `"${key[place]}" a second time`, 'columns that differ'),
  ),
  ...repeats(gates.slices).flatMap((place) =>
    conflict(true, `gates.slices.${place}`, `"${gates.slices[place]}" a second time`, 'columns that differ'),
  ),
  ...rollOut.steps.flatMap(({ percent }, place) => {
    const before = rollOut.steps[place - 1]?.percent ?? 0;
    return conflict(
      percent <= before,
      `rollOut.steps.${place}.percent`,
      `${percent} after ${before}`,
      'percentages that rise',
    );
  }),
];

const trainerConflicts = ({ trainer }: ModelSpec): readonly SpecConflict[] => {
  const { spot, maxRuntimeSeconds, maxWaitSeconds } = trainer.sagemaker;
  const alone = conflict(
    trainer.kind === 'xgboost' && trainer.treeMethod === 'exact' && trainer.sagemaker.instanceCount > 1,
    'trainer.treeMethod',
    '"exact" on several machines',
    '"hist" or "approx", or one machine',
  );
  if (maxWaitSeconds === undefined) return alone;
  const path = 'trainer.sagemaker.maxWaitSeconds';
  return [
    ...alone,
    ...conflict(!spot, path, 'waiting for a spot machine without spot', 'spot, or no maxWaitSeconds'),
    ...conflict(
      maxWaitSeconds < maxRuntimeSeconds,
      path,
      `${maxWaitSeconds} s, less than the ${maxRuntimeSeconds} s it may run`,
      'at least maxRuntimeSeconds',
    ),
  ];
};

/** What no single field is wrong with but the whole is. */
export const specConflicts = (spec: ModelSpec): readonly SpecConflict[] => [
  ...timeConflicts(spec),
  ...targetConflicts(spec),
  ...featureConflicts(spec),
  ...gateConflicts(spec),
  ...qualityConflicts(spec),
  ...trainerConflicts(spec),
  ...listConflicts(spec),
];
