import { describe, expect, it } from 'vitest';
import { flights, stage } from './stage.ts';

const sensitive = { ...flights, spec: { monitor: { sensitiveColumns: ['origin'] } } };
const rows = { rows: [{ distance: 900, origin: 'SFO' }] };

describe('the secret that hashes sensitive columns', () => {
  it('is fetched for a model that has such columns', async () => {
    const staged = stage([sensitive], { secret: async () => 'from far away' });

    await staged.post('/models/flight-delay/predict', rows);
    await staged.predictions.flush();

    expect(staged.captured).toHaveLength(1);
    expect(staged.captured[0]?.features.origin).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is not asked for by any other', async () => {
    const staged = stage([flights], {
      secret: () => Promise.reject(new Error('nobody should ask')),
      onLost: (_, error) => {
        throw error;
      },
    });

    await staged.post('/models/flight-delay/predict', rows);
    await staged.predictions.flush();

    expect(staged.captured).toHaveLength(1);
  });

  it('that cannot be had loses the capture, counted, and never the answer', async () => {
    const lost: number[] = [];
    const staged = stage([sensitive], {
      secret: () => Promise.reject(new Error('throttled')),
      onLost: (count) => lost.push(count),
    });

    const response = await staged.post('/models/flight-delay/predict', rows);
    await staged.predictions.flush();

    expect(response.status).toBe(200);
    expect(staged.captured).toEqual([]);
    expect(lost).toEqual([1]);
  });
});
