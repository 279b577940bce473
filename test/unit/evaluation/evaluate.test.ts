import { expect, test } from 'vitest';
import { evaluate, parseEvaluation } from '../../../lib/domain/evaluation/index.ts';
import { flightDelay, gatesOf, penguins, prices } from '../report/demo.ts';

test('a binary model is measured, compared and judged in one call', async () => {
  const evaluation = await evaluate(await flightDelay(1000));

  expect(evaluation).toMatchObject({
    task: 'binary',
    rows: 1000,
    positiveClass: 'late',
    primary: { name: 'auc', higherIsBetter: true },
    baseline: { name: 'always the commonest class', metrics: { auc: 0.5, recall: 0 } },
    champion: { version: 2 },
    verdict: 'passed',
    data: { testRows: 1000 },
  });
  expect(evaluation.primary.value).toBe(evaluation.metrics.auc);
  expect(evaluation.metrics.auc).toBeGreaterThan(evaluation.champion?.metrics?.auc ?? 1);
  expect(evaluation.gates.map(({ gate }) => gate)).toEqual([
    'minAuc',
    'maxCalibrationError',
    'mustBeatBaseline',
    'maxChampionLoss',
  ]);
  expect(evaluation.importance?.columns[0]?.column).toBe('hour');
  expect(evaluation.slices.map(({ column }) => column)).toEqual(['origin', 'carrier']);
});

test('the document survives being written and read, and holds no NaN', async () => {
  for (const input of [await flightDelay(300), penguins(), prices(60)]) {
    const evaluation = await evaluate(input);

    const text = JSON.stringify(evaluation);

    expect(parseEvaluation(JSON.parse(text))).toEqual(evaluation);
  }
});

test('the positive class may be the first of the two', async () => {
  const input = await flightDelay(500);

  const late = await evaluate(input);
  const onTime = await evaluate({ ...input, positiveClass: 'on time' });

  expect(onTime.metrics.auc).toBeCloseTo(late.metrics.auc ?? 0, 9);
  expect(onTime.metrics.positiveShare).toBeCloseTo(1 - (late.metrics.positiveShare ?? 0), 12);
  expect(onTime.confusion?.classes).toEqual(['late', 'on time']);
});

test('a model that knows no more than the baseline fails its gate', async () => {
  const input = penguins();
  const blind = {
    kind: 'classes',
    probabilities: new Float64Array(52 * 3).fill(1 / 3),
    labels: new Int32Array(52),
  } as const;

  const evaluation = await evaluate({ ...input, predictions: blind, gates: gatesOf({}) });

  expect(evaluation.gates).toMatchObject([{ gate: 'mustBeatBaseline', status: 'fail' }]);
  expect(evaluation.verdict).toBe('failed');
});

test('a regression that beats the mean passes, and one that answers the mean does not', async () => {
  const input = { ...prices(), gates: gatesOf({}) };
  const { champion: _, ...first } = input;
  const mean = { kind: 'values', values: new Float64Array(500).fill(190_000) } as const;

  expect((await evaluate(first)).verdict).toBe('passed');
  expect((await evaluate({ ...first, predictions: mean })).verdict).toBe('failed');
});

test('a test part with one class only is unknown and holds', async () => {
  const input = await flightDelay(100);
  const gates = gatesOf({ minAuc: 0.6 });
  const truth = { kind: 'classes', classes: ['on time', 'late'], indices: new Int32Array(100) } as const;

  const evaluation = await evaluate({ ...input, truth, gates });

  expect(evaluation.metrics.auc).toBeNull();
  expect(evaluation.importance).toBeNull();
  expect(evaluation.verdict).toBe('unknown');
});

test('four rows of the rarer class cannot tell skill from luck', async () => {
  const truth = {
    kind: 'classes',
    classes: ['no', 'yes'],
    indices: Int32Array.from({ length: 40 }, (_, row) => (row < 4 ? 1 : 0)),
  } as const;
  const probabilities = Float64Array.from({ length: 80 }, (_, at) =>
    truth.indices[at >> 1] === at % 2 ? 0.9 : 0.1,
  );

  const evaluation = await evaluate({
    task: 'binary',
    truth,
    predictions: { kind: 'classes', probabilities, labels: truth.indices },
    trainingPriors: { kind: 'classes', shares: [0.9, 0.1] },
    gates: gatesOf({}),
    table: { rows: 40, columns: new Map() },
  });

  expect(evaluation.metrics.auc).toBe(1);
  expect(evaluation.gates[0]?.because).toContain('the rarer class has 4 test rows');
  expect(evaluation.verdict).toBe('unknown');
});

test('a champion that answers NaN makes the comparison unknown, and the challenger is still measured', async () => {
  const input = await flightDelay(500, { maxCalibrationError: undefined });
  const predictions = {
    kind: 'classes',
    probabilities: new Float32Array(1000).fill(Number.NaN),
    labels: new Int32Array(500),
  } as const;

  const evaluation = await evaluate({ ...input, champion: { version: 2, predictions } });

  expect(evaluation.metrics.auc).toBeGreaterThan(0.6);
  expect(evaluation.champion).toMatchObject({ version: 2, metrics: null });
  expect(evaluation.gates.at(-1)).toMatchObject({ gate: 'maxChampionLoss', status: 'unknown' });
  expect(evaluation.verdict).toBe('unknown');
});

test('answers of the wrong kind or count are an error that says what was expected', async () => {
  const input = await flightDelay(50);
  const values = { kind: 'values', values: new Float64Array(50) } as const;
  const short = { kind: 'classes', probabilities: new Float32Array(98), labels: new Int32Array(50) } as const;

  await expect(evaluate({ ...input, predictions: values })).rejects.toThrow(
    'a binary task came with a target of classes and predictions of values, expected classes in both',
  );
  await expect(evaluate({ ...input, predictions: short })).rejects.toThrow('98 probabilities');
  await expect(evaluate({ ...input, positiveClass: 'early' })).rejects.toMatchObject({
    name: 'EVALUATION_IMPOSSIBLE',
  });
});

test('a metrics.json that is not one is refused with the path inside it', () => {
  expect(() => parseEvaluation({ schemaVersion: 2 })).toThrow('metrics.json at schemaVersion');
  expect(() => parseEvaluation(null)).toThrow(expect.objectContaining({ name: 'EVALUATION_INVALID' }));
});
