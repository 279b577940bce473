import { describe, expect, it } from 'vitest';
import { InferenceRefused, Inferred, read } from './answers.ts';
import { flights, houses, stage } from './stage.ts';

const distance = (data: unknown, more: object = {}) => ({
  inputs: [{ name: 'distance', datatype: 'FP32', shape: [2], data, ...more }],
});

describe('the Open Inference Protocol', () => {
  it('answers one input a column with one output a column, echoing the id', async () => {
    const { post } = stage([flights]);

    const response = await post('/v2/models/flight-delay/infer', {
      id: 'call-7',
      parameters: { content_type: 'pd' },
      inputs: [
        { name: 'distance', datatype: 'FP64', shape: [2, 1], data: [[300], [900]] },
        { name: 'origin', datatype: 'BYTES', shape: [2], data: ['SFO', null] },
        { name: 'weekend', datatype: 'BOOL', shape: [2], data: [true, false] },
        { name: 'departure', datatype: 'INT64', shape: [2], data: [978307200000, 978393600000] },
      ],
    });

    expect(response.headers.get('content-type')).toBe('application/json');
    const body = await read(response, Inferred);
    expect(body).toMatchObject({ model_name: 'flight-delay', model_version: '1', id: 'call-7' });
    expect(body.outputs).toMatchObject([
      { name: 'label', datatype: 'BYTES', shape: [2], data: ['false', 'true'] },
      { name: 'probability', datatype: 'FP64', shape: [2], data: [0.3, 0.9] },
      { name: 'probabilities', datatype: 'FP64', shape: [2, 2] },
      { name: 'predictionId', datatype: 'BYTES', shape: [2], data: ['prediction-1', 'prediction-2'] },
    ]);
    expect(body.outputs[2]?.data.map((value) => Number(value).toFixed(6))).toEqual([
      '0.700000',
      '0.300000',
      '0.100000',
      '0.900000',
    ]);
  });

  it('gives the outputs asked for, in that order', async () => {
    const { post } = stage([houses]);

    const response = await post('/v2/models/houses/versions/1/infer', {
      inputs: [{ name: 'area', datatype: 'INT32', shape: [1], data: [5] }],
      outputs: [{ name: 'value', parameters: { binary_data: true } }],
    });

    expect((await read(response, Inferred)).outputs).toEqual([
      { name: 'value', datatype: 'FP64', shape: [1], data: [15] },
    ]);
  });

  const refusals: [string, unknown, RegExp][] = [
    ['no inputs', {}, /no inputs/],
    ['an array', [], /not a JSON object/],
    [
      'one output asked for twice, or a million times',
      { ...distance([1, 2]), outputs: [{ name: 'label' }, { name: 'label' }] },
      /output "label" is asked for twice, expected once/,
    ],
    ['an input without a name', { inputs: [{ shape: [1] }] }, /inputs\[0\] has no name/],
    ['an unknown datatype', distance([1, 2], { datatype: 'FLOAT' }), /"FLOAT", expected one of BOOL/],
    ['a matrix', distance([1, 2, 3, 4], { shape: [2, 2] }), /\[2,2\], expected \[n\] or \[n,1\]/],
    ['a negative size', distance([1, 2], { shape: [-1] }), /shape \[-1\]/],
    ['data that does not fill the shape', distance([1]), /1 values, expected 2/],
    ['a string among floats', distance([1, 'x']), /"x" at index 1, expected a number/],
    ['data nested too deep', distance([[[1]], [[2]]]), /\[1\] at index 0/],
    ['no data', distance(undefined), /no data/],
    [
      'an integer out of range',
      distance([1, 300], { datatype: 'INT8' }),
      /300 at index 1, expected an integer from -128/,
    ],
    ['a fraction as an integer', distance([1, 2.5], { datatype: 'INT32' }), /2.5 at index 1/],
    ['a number as BOOL', distance([1, 0], { datatype: 'BOOL' }), /expected true or false/],
    [
      'columns of unequal length',
      {
        inputs: [...distance([1, 2]).inputs, { name: 'origin', datatype: 'BYTES', shape: [1], data: ['x'] }],
      },
      /"origin" has 1 rows and "distance" 2/,
    ],
    ['a column twice', { inputs: [...distance([1, 2]).inputs, ...distance([1, 2]).inputs] }, /there twice/],
    [
      'a column the model does not know',
      {
        inputs: [
          ...distance([1, 2]).inputs,
          { name: 'gate', datatype: 'BYTES', shape: [2], data: ['a', 'b'] },
        ],
      },
      /gate/,
    ],
    [
      'an output that is not there',
      { ...distance([1, 2]), outputs: [{ name: 'logits' }] },
      /no output "logits", expected label/,
    ],
    ['outputs without names', { ...distance([1, 2]), outputs: ['label'] }, /outputs\[0\] has no name/],
    ['an id that is a number', { ...distance([1, 2]), id: 3 }, /id is not a string/],
    [
      'no rows',
      { inputs: [{ name: 'distance', datatype: 'FP32', shape: [0], data: [] }] },
      /at least one row/,
    ],
    [
      'binary data',
      { inputs: [{ name: 'distance', datatype: 'FP32', shape: [1], parameters: { binary_data_size: 4 } }] },
      /binary_data=False/,
    ],
    ['malformed JSON', '{"inputs": [}', /line 1, column 13/],
  ];

  it.each(refusals)('refuses %s in its own error shape', async (_, body, message) => {
    const { post } = stage([flights]);

    const response = await post('/v2/models/flight-delay/infer', body);

    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect((await read(response, InferenceRefused)).error).toMatch(message);
  });

  it('does not take a binary body for JSON', async () => {
    const { post } = stage([flights]);

    const response = await post('/v2/models/flight-delay/infer', '{}', {
      'Inference-Header-Content-Length': '2',
    });

    expect(response.status).toBe(400);
    expect((await read(response, InferenceRefused)).error).toContain('binary');
  });

  it('describes the model as clients configure themselves by', async () => {
    const { app } = stage([
      { ...flights, route: { champion: 2, formerChampions: [1] }, artifacts: ['one', 'two'] },
    ]);

    expect(await (await app.request('/v2/models/flight-delay')).json()).toEqual({
      name: 'flight-delay',
      versions: ['2', '1'],
      platform: 'onnx_onnxv1',
      inputs: [
        { name: 'distance', datatype: 'FP64', shape: [-1] },
        { name: 'origin', datatype: 'BYTES', shape: [-1] },
        { name: 'weekend', datatype: 'BOOL', shape: [-1] },
        { name: 'departure', datatype: 'BYTES', shape: [-1] },
      ],
      outputs: [
        { name: 'label', datatype: 'BYTES', shape: [-1] },
        { name: 'probability', datatype: 'FP64', shape: [-1] },
        {
          name: 'probabilities',
          datatype: 'FP64',
          shape: [-1, 2],
          parameters: { classes: ['false', 'true'] },
        },
        { name: 'predictionId', datatype: 'BYTES', shape: [-1] },
      ],
    });
  });

  it.each([
    ['/v2', { name: 'millrace', version: '0.1.0', extensions: [] }],
    ['/v2/health/live', { live: true }],
    ['/v2/health/ready', { ready: true, live: true }],
    ['/v2/models/flight-delay/ready', { name: 'flight-delay', ready: true }],
    ['/v2/models/flight-delay/versions/1/ready', { name: 'flight-delay', ready: true }],
  ])('answers %s', async (path, body) => {
    const { app } = stage([flights]);

    expect(await (await app.request(path)).json()).toEqual(body);
  });

  it.each([
    ['/v2/models/trains', 404],
    ['/v2/models/flight-delay/versions/2', 404],
    ['/v2/models/flight-delay/versions/one', 404],
    ['/v2/models/flight-delay/versions/0/ready', 404],
    ['/v2/nothing', 404],
    ['/v2/models/houses/ready', 503],
  ])('answers %s with %i and an error', async (path, status) => {
    const { app } = stage([flights, { ...houses, route: {} }]);

    const response = await app.request(path);

    expect(response.status).toBe(status);
    expect((await read(response, InferenceRefused)).error).not.toBe('');
  });
});
