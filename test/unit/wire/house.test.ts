import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { house, type Step } from '../../../lib/wire/house.ts';

const Input = z.object({ rows: z.number() });
interface Needs {
  readonly table: string;
  readonly signal?: AbortSignal;
  readonly remainingMs?: () => number;
}

const stepThat = <Output>(
  run: Step<typeof Input, Needs, Output>['run'],
): Step<typeof Input, Needs, Output> => ({
  input: Input,
  run,
});

describe('the entry of a Lambda', () => {
  it('builds its services at the first event, once', async () => {
    let built = 0;
    const handler = house(
      stepThat(async ({ rows }, { table }) => `${rows} rows in ${table}`),
      () => {
        built += 1;
        return { table: 'flights' };
      },
    );
    const builtAtImport = built;

    const answers = [await handler({ rows: 1 }), await handler({ rows: 2 })];

    expect(answers).toEqual(['1 rows in flights', '2 rows in flights']);
    expect([builtAtImport, built]).toEqual([0, 1]);
  });

  it('tries to build them again after a failure', async () => {
    let built = 0;
    const handler = house(
      stepThat(async (_, { table }) => table),
      async () => {
        built += 1;
        if (built === 1) throw new Error('throttled');
        return { table: 'flights' };
      },
    );

    await expect(handler({ rows: 1 })).rejects.toThrow('throttled');
    await expect(handler({ rows: 1 })).resolves.toBe('flights');
  });

  it('stops work five seconds before Lambda would, with a code that reaches the record of the run', async () => {
    const waits = stepThat(
      (_, { signal }) =>
        new Promise<never>((__, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason as Error)),
        ),
    );
    const handler = house(waits, () => ({ table: 'flights' }), { tooLate: 'TRAINING_TIMED_OUT' });

    const answer = handler({ rows: 1 }, { getRemainingTimeInMillis: () => 5010 });

    await expect(answer).rejects.toMatchObject({ name: 'TRAINING_TIMED_OUT' });
  });

  it('tells work that holds the thread how much time it has', async () => {
    const handler = house(
      stepThat(async (_, { remainingMs }) => remainingMs?.()),
      () => ({ table: 'flights' }),
    );

    expect(await handler({ rows: 1 }, { getRemainingTimeInMillis: () => 60_000 })).toBe(55_000);
  });

  it('names what does not fit in a payload', async () => {
    const handler = house(
      stepThat(async () => 'never'),
      () => ({ table: 'flights' }),
    );

    await expect(handler({ rows: 'three' })).rejects.toMatchObject({
      name: 'INPUT_INVALID',
      message: expect.stringContaining('rows: '),
    });
  });
});
