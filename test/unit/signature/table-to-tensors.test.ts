import { describe, expect, test } from 'vitest';
import { type Column, missingDatetime } from '../../../lib/domain/dataset/index.ts';
import {
  chooseLabels,
  readSignature,
  type Signature,
  type SignatureInput,
  tableToTensors,
} from '../../../lib/domain/signature/index.ts';

const numbers = Float64Array.of(1, 2.5, Number.NaN);
const columns = new Map<string, Column>([
  ['a', { kind: 'number', values: numbers }],
  ['b', { kind: 'boolean', values: Float64Array.of(0, 1, 1) }],
  ['d', { kind: 'datetime', values: BigInt64Array.of(0n, 86_400_000n, missingDatetime) }],
  ['c', { kind: 'category', values: ['x', '', 'z'] }],
  ['t', { kind: 'text', values: ['p', 'q', 'r'] }],
]);
const table = { rows: 3, columns };

const tensor = (
  type: SignatureInput['type'],
  names: string[],
  range?: { from: number; to: number },
  rank: 1 | 2 = 2,
) => tableToTensors({ inputs: [{ tensor: 'in', type, columns: names, rank }] }, table, range).get('in');

describe('tensors of a table', () => {
  test('show a single column as it is, without a copy', () => {
    expect(tensor('float64', ['a'])).toEqual({
      type: 'float64',
      dims: [3, 1],
      data: Float64Array.of(1, 2.5, Number.NaN),
    });
    const part = tensor('float64', ['a'], { from: 1, to: 3 })?.data;
    expect(part).toEqual(Float64Array.of(2.5, Number.NaN));
    expect(part).toHaveProperty('buffer', numbers.buffer);
  });

  test('interleave several columns row by row, converting each', () => {
    expect(tensor('float32', ['a', 'd', 'b'], { from: 1, to: 3 })).toEqual({
      type: 'float32',
      dims: [2, 3],
      data: Float32Array.of(2.5, 86_400_000, 1, Number.NaN, Number.NaN, 1),
    });
    expect(tensor('string', ['c', 't'])?.data).toEqual(['x', 'p', '', 'q', 'z', 'r']);
    expect(tensor('int64', ['b', 'd'], { from: 0, to: 2 })?.data).toEqual(
      BigInt64Array.of(0n, 0n, 1n, 86_400_000n),
    );
    expect(tensor('bool', ['b'], undefined, 1)).toEqual({
      type: 'bool',
      dims: [3],
      data: Uint8Array.of(0, 1, 1),
    });
  });

  test('refuse what an integer cannot hold, naming column, row and input', () => {
    expect(() => tensor('int64', ['a'])).toThrow(
      'column "a" is 2.5 in row 1, and feeds the model\'s int64 input "in"',
    );
    expect(() => tensor('int32', ['a'], { from: 2, to: 3 })).toThrow('is missing in row 2');
    expect(() => tensor('float32', ['c'])).toThrow('column "c" is a category');
    expect(() => tensor('string', ['a'])).toThrow('column "a" is a number');
    expect(() => tensor('string', ['nowhere'])).toThrow('column "nowhere" is not in the table');
  });
});

describe('labels', () => {
  const classes = ['no', 'yes'];

  test('of two classes are positive from the threshold on', () => {
    const probabilities = Float64Array.of(0.7, 0.3, 0.69, 0.31, 0.2, 0.8);

    const labels = chooseLabels(probabilities, { classes, positiveClass: 'yes', threshold: 0.31 });

    expect([...labels]).toEqual([0, 1, 1]);
  });

  test('count the threshold from the positive class, even when it is the first', () => {
    const labels = chooseLabels(Float64Array.of(0.3, 0.7, 0.1, 0.9), {
      classes,
      positiveClass: 'no',
      threshold: 0.3,
    });

    expect([...labels]).toEqual([0, 1]);
  });

  test('of more classes are the most probable, the first of equals', () => {
    const labels = chooseLabels(Float64Array.of(0.2, 0.4, 0.4, 0.5, 0.1, 0.4), { classes: ['a', 'b', 'c'] });

    expect([...labels]).toEqual([1, 0]);
  });
});

describe('a stored signature', () => {
  const signature: Signature = {
    schemaVersion: 1,
    task: 'regression',
    target: 'price',
    columns: [{ name: 'a', kind: 'number', isNullable: true }],
    inputs: [{ tensor: 'a', type: 'float64', columns: ['a'], rank: 2 }],
    outputs: { value: 'value' },
  };
  const bytesOf = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

  test('reads back as it was written', () => {
    expect(readSignature(bytesOf(signature))).toEqual(signature);
  });

  test('is refused at the path that is wrong', () => {
    expect(() => readSignature(bytesOf({ ...signature, task: 'guess' }))).toThrow(
      'signature.json is wrong at task',
    );
    expect(() => readSignature(new TextEncoder().encode('{'))).toThrow('signature.json is not JSON');
  });
});
