import { describe, expect, it } from 'vitest';
import { Predicted, Refused, read } from './answers.ts';
import { flights, houses, stage } from './stage.ts';

const answerOf = async (response: Response) => ({ status: response.status, body: await response.json() });

describe('predicting with plain rows', () => {
  it('answers each row with label, probabilities and an id for the truth to come', async () => {
    const { post } = stage([flights]);

    const response = await post('/models/flight-delay/predict', {
      rows: [{ distance: 300, origin: 'SFO' }, { distance: 900 }],
    });

    expect(await answerOf(response)).toEqual({
      status: 200,
      body: {
        model: 'flight-delay',
        version: 1,
        predictions: [
          {
            label: 'false',
            probability: 0.3,
            probabilities: { false: 0.7, true: 0.3 },
            predictionId: 'prediction-1',
          },
          {
            label: 'true',
            probability: 0.9,
            probabilities: { false: 0.1, true: 0.9 },
            predictionId: 'prediction-2',
          },
        ],
      },
    });
    expect(response.headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['a bare row', { area: 2 }],
    ['a bare array', [{ area: 2 }]],
    ['rows', { rows: [{ area: 2 }] }],
  ])('takes %s, and answers a regression with values', async (_, body) => {
    const { post } = stage([houses]);

    const response = await post('/models/houses/predict', body);

    expect((await read(response, Predicted)).predictions).toEqual([
      { value: 6, predictionId: 'prediction-1' },
    ]);
  });

  it.each([
    [
      'malformed JSON',
      '{"rows": [{"distance": 3},\n {distance: 4}]}',
      400,
      'REQUEST_MALFORMED',
      /line 2, column 3/,
    ],
    ['NaN', '{"distance": NaN}', 400, 'REQUEST_MALFORMED', /NaN and Infinity are not JSON/],
    ['an empty body', '', 400, 'REQUEST_MALFORMED', /line 1, column 1/],
    ['a number', 3, 400, 'REQUEST_MALFORMED', /a number/],
    ['null', null, 400, 'REQUEST_MALFORMED', /null/],
    ['no rows', { rows: [] }, 400, 'REQUEST_MALFORMED', /no rows/],
    ['a row that is not an object', [1], 400, 'REQUEST_MALFORMED', /rows\[0\] is 1/],
    [
      'rows nested beyond all measure',
      `${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      400,
      'REQUEST_MALFORMED',
      /rows\[0\] is a list of too many levels/,
    ],
    ['a string for a number', { distance: '300' }, 400, 'PREDICTION_INPUT_INVALID', /distance/],
    ['an infinite number', '{"distance": 1e999}', 400, 'PREDICTION_INPUT_INVALID', /Infinity/],
    ['a missing column', { origin: 'SFO' }, 400, 'PREDICTION_INPUT_INVALID', /distance/],
    ['an unknown column', { distance: 1, gate: 'B4' }, 400, 'PREDICTION_INPUT_INVALID', /gate/],
    [
      'a column called __proto__',
      '{"distance": 1, "__proto__": {"x": 1}}',
      400,
      'PREDICTION_INPUT_INVALID',
      /__proto__/,
    ],
    [
      'too many rows',
      Array.from({ length: 10_001 }, () => ({ distance: 1 })),
      413,
      'REQUEST_TOO_LARGE',
      /10001 rows/,
    ],
    ['too many bytes', `"${'x'.repeat(5_000_001)}"`, 413, 'REQUEST_TOO_LARGE', /more than 5000000/],
  ])('refuses %s and says what was expected', async (_, body, status, code, message) => {
    const { post, logged } = stage([flights]);

    const response = await post('/models/flight-delay/predict', body);

    const { error } = await read(response, Refused);
    expect([response.status, error.code]).toEqual([status, code]);
    expect(error.message).toMatch(message);
    expect(logged).toEqual([]);
  });

  it('names each problem of each row', async () => {
    const { post } = stage([flights]);

    const response = await post('/models/flight-delay/predict', [
      { distance: 'far' },
      { weekend: 3, distance: 1 },
    ]);

    expect((await read(response, Refused)).error.issues).toMatchObject([
      { row: 0, column: 'distance' },
      { row: 1, column: 'weekend' },
    ]);
  });

  it.each([
    ['/models/trains/predict', 404, 'MODEL_UNKNOWN'],
    ['/models/..%2F..%2Fetc/predict', 400, 'MODEL_NAME_INVALID'],
    ['/models/Flight%20Delay/predict', 400, 'MODEL_NAME_INVALID'],
    ['/models/flight-delay/guess', 404, 'ADDRESS_UNKNOWN'],
  ])('answers %s with %i', async (path, status, code) => {
    const { post } = stage([flights]);

    expect(await answerOf(await post(path, { distance: 1 }))).toMatchObject({
      status,
      body: { error: { code } },
    });
  });

  it('says what to do while no version serves', async () => {
    const { post } = stage([{ ...flights, route: {} }]);

    const response = await post('/models/flight-delay/predict', { distance: 1 });

    const { error } = await read(response, Refused);
    expect([response.status, error.code]).toEqual([503, 'NOTHING_SERVING']);
    expect(error.message).toContain('approve a version first');
  });

  it('tells nothing of a fault on our side but a reference, and logs the rest', async () => {
    const { post, logged } = stage([flights]);

    const response = await post('/models/flight-delay/predict', { distance: 13 });

    const answer = await response.text();
    expect(response.status).toBe(500);
    expect(answer).toContain('reference-1');
    expect(answer).not.toMatch(/secret|boom|\.ts|at /);
    expect(logged).toMatchObject([
      { reference: 'reference-1', error: { message: 'boom at /srv/secret/model.onnx' } },
    ]);
  });

  it('refuses to answer with a model that is not the approved one', async () => {
    const { post, opened, logged } = stage([{ ...flights, storedInstead: 'tampered' }]);

    const response = await post('/models/flight-delay/predict', { distance: 1 });

    expect(await answerOf(response)).toMatchObject({
      status: 500,
      body: { error: { code: 'ARTIFACT_CORRUPT' } },
    });
    expect(opened).toEqual([]);
    expect(logged).toHaveLength(1);
  });
});

describe('reading about models', () => {
  it('lists the models and which of them serve', async () => {
    const { app } = stage([flights, { ...houses, route: {} }]);

    expect(await (await app.request('/models')).json()).toMatchObject({
      models: [
        { model: 'flight-delay', isServing: true, champion: 1 },
        { model: 'houses', isServing: false },
      ],
    });
  });

  it('describes a model by its columns, classes and metrics', async () => {
    const { app } = stage([flights]);

    expect(await (await app.request('/models/flight-delay')).json()).toMatchObject({
      model: 'flight-delay',
      version: 1,
      metrics: { auc: 0.71 },
      signature: { classes: ['false', 'true'], columns: [{ name: 'distance', kind: 'number' }, {}, {}, {}] },
    });
  });

  it.each(['/health', '/ping'])('is alive at %s', async (path) => {
    const { app } = stage([]);

    expect((await app.request(path)).status).toBe(200);
  });
});
