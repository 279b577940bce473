import { describe, expect, test } from 'vitest';
import { type GateInput, judgeGates, verdictOf } from '../../../lib/domain/gates/index.ts';
import { gatesOf } from '../report/demo.ts';

const auc = { name: 'auc', title: 'AUC', higherIsBetter: true } as const;
const rmse = { name: 'rmse', title: 'RMSE', higherIsBetter: false } as const;
const skilled = { measure: 'AUC', value: 0.2, low: 0.15, high: 0.25 };

const judge = (gates: object, input: Partial<GateInput> = {}) =>
  judgeGates({
    settings: gatesOf(gates),
    primary: auc,
    metrics: { auc: 0.7, accuracy: 0.8, logLoss: 0.5 },
    unknown: {},
    baseline: { name: 'always the commonest class', advantage: skilled },
    ...input,
  });

const alone = { mustBeatBaseline: false };

describe('absolute limits', () => {
  test('a metric on the right side of its limit passes, and the limit itself is enough', () => {
    const results = judge({ ...alone, minAuc: 0.7, minAccuracy: 0.75, maxLogLoss: 0.5 });

    expect(results.map(({ gate, status }) => [gate, status])).toEqual([
      ['minAuc', 'pass'],
      ['minAccuracy', 'pass'],
      ['maxLogLoss', 'pass'],
    ]);
    expect(verdictOf(results)).toBe('passed');
  });

  test('a metric on the wrong side fails and says what was measured and what was asked', () => {
    const results = judge({ ...alone, minAuc: 0.71 });

    expect(results).toEqual([
      {
        gate: 'minAuc',
        title: 'AUC is at least 0.71',
        status: 'fail',
        value: 0.7,
        limit: 0.71,
        because: 'AUC is 0.7, at least 0.71 is asked',
      },
    ]);
    expect(verdictOf(results)).toBe('failed');
  });

  test('a metric that could not be measured is unknown, with the reason, and holds', () => {
    const results = judge(
      { ...alone, minAuc: 0.6 },
      { metrics: { auc: null }, unknown: { auc: 'the test rows hold no positive row' } },
    );

    expect(results[0]).toMatchObject({
      status: 'unknown',
      value: null,
      because: 'AUC is unknown: the test rows hold no positive row',
    });
    expect(verdictOf(results)).toBe('unknown');
  });

  test('a limit on a metric of another task is unknown and says to remove it', () => {
    const [result] = judge({ ...alone, maxRmse: 3 });

    expect(result).toMatchObject({
      status: 'unknown',
      because: 'RMSE is unknown: it is not measured for this task: remove the gate',
    });
  });
});

describe('the trivial baseline', () => {
  test('an advantage beyond chance passes', () => {
    const [result] = judge({});

    expect(result).toMatchObject({ gate: 'mustBeatBaseline', status: 'pass', value: 0.15, limit: 0 });
    expect(result?.because).toBe('AUC is better by 0.2 (95 % interval 0.15 to 0.25)');
  });

  test('an advantage that may be chance fails', () => {
    const advantage = { measure: 'AUC', value: 0.05, low: -0.01, high: 0.11 };

    const [result] = judge({}, { baseline: { name: 'always the mean', advantage } });

    expect(result?.status).toBe('fail');
    expect(result?.because).toContain('which may be chance');
  });

  test('a comparison that could not be made is unknown', () => {
    const advantage = { because: 'the rarer class has 2 test rows' };

    const results = judge({}, { baseline: { name: 'always the mean', advantage } });

    expect(verdictOf(results)).toBe('unknown');
  });
});

describe('the champion on the same rows', () => {
  test('the first version of a model has no such gate', () => {
    expect(judge(alone)).toEqual([]);
    expect(verdictOf([])).toBe('passed');
  });

  test('as good as the champion is good enough, worse is not', () => {
    const equal = judge(alone, { champion: { version: 2, metrics: { auc: 0.7 } } });
    const worse = judge(alone, { champion: { version: 2, metrics: { auc: 0.71 } } });

    expect(equal[0]).toMatchObject({ gate: 'maxChampionLoss', status: 'pass', value: 0 });
    expect(worse[0]).toMatchObject({ status: 'fail', because: "AUC is 0.7, the champion's 0.71" });
  });

  test('a loss within what is tolerated passes', () => {
    const [result] = judge(
      { ...alone, maxChampionLoss: 0.02 },
      { champion: { version: 2, metrics: { auc: 0.71 } } },
    );

    expect(result).toMatchObject({ status: 'pass', limit: 0.02 });
    expect(result?.title).toBe('at most 0.02 worse than version 2 on the same rows');
  });

  test('RMSE is compared as a share of the champion’s', () => {
    const [result] = judge(
      { ...alone, maxChampionLoss: 0.05 },
      { primary: rmse, metrics: { rmse: 210 }, champion: { version: 2, metrics: { rmse: 200 } } },
    );

    expect(result).toMatchObject({ status: 'pass', value: 0.05 });
  });

  test('a champion without any error is beaten by nobody, and equalled only by another such', () => {
    const champion = { version: 2, metrics: { rmse: 0 } };

    const [worse] = judge(alone, { primary: rmse, metrics: { rmse: 1 }, champion });
    const [equal] = judge(alone, { primary: rmse, metrics: { rmse: 0 }, champion });

    expect(worse).toMatchObject({ status: 'fail', value: null });
    expect(equal).toMatchObject({ status: 'pass', value: 0 });
  });

  test('a champion that could not be scored is unknown and holds', () => {
    const champion = { version: 2, metrics: null, because: 'its model file could not be read' };

    const results = judge({}, { champion });

    expect(results.at(-1)?.because).toBe('the comparison is unknown: its model file could not be read');
    expect(verdictOf(results)).toBe('unknown');
  });
});

test('gates are judged in order, and a failure outweighs an unknown', () => {
  const results = judge({ minAuc: 0.9, maxRmse: 1 }, { champion: { version: 2, metrics: { auc: 0.6 } } });

  expect(results.map(({ gate, status }) => [gate, status])).toEqual([
    ['minAuc', 'fail'],
    ['maxRmse', 'unknown'],
    ['mustBeatBaseline', 'pass'],
    ['maxChampionLoss', 'pass'],
  ]);
  expect(verdictOf(results)).toBe('failed');
});
