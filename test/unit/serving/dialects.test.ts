import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Inferred, Predicted, read } from './answers.ts';
import { flights, stage } from './stage.ts';

const row = fc.record(
  {
    distance: fc.integer({ min: 100, max: 2000 }),
    origin: fc.option(fc.string({ minLength: 1 })),
    weekend: fc.option(fc.boolean()),
  },
  { noNullPrototype: true },
);

describe('the dialects', () => {
  it('give the same answers to the same rows, whatever the shape they come in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 20 }),
        fc.boolean(),
        async (rows, isNested) => {
          const { post } = stage([flights]);
          const column = (name: 'distance' | 'origin' | 'weekend', datatype: string) => {
            const values = rows.map((one) => one[name]);
            const data = isNested ? values.map((value) => [value]) : values;
            return { name, datatype, shape: isNested ? [rows.length, 1] : [rows.length], data };
          };

          const plain = await read(await post('/models/flight-delay/predict', { rows }), Predicted);
          const inputs = [column('distance', 'INT32'), column('origin', 'BYTES'), column('weekend', 'BOOL')];
          const inferred = await read(await post('/v2/models/flight-delay/infer', { inputs }), Inferred);

          const outputOf = (name: string) => inferred.outputs.find((output) => output.name === name)?.data;
          expect(outputOf('label')).toEqual(plain.predictions.map(({ label }) => label));
          expect(outputOf('probability')).toEqual(plain.predictions.map(({ probability }) => probability));
        },
      ),
      { numRuns: 60 },
    );
  });
});
