import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { step as closeBatch } from '../../../lambdas/close-batch/handler.ts';
import { runStateMachine } from '../../../lib/adapters/local/state-machine/index.ts';
import { MillraceError } from '../../../lib/wire/errors.ts';
import { runStep } from '../../../lib/wire/house.ts';
import type { JsonValue } from '../../../lib/wire/json.ts';
import { failingRecords } from '../registry/support/failing-records.ts';
import { dropZone } from './support/drop-zone.ts';

const collectBatch = JSON.parse(
  readFileSync(new URL('../../../statemachines/collect-batch.asl.json', import.meta.url), 'utf8'),
);

type Zone = ReturnType<typeof dropZone>;

/** A file that waits out its quiet period, and the machine that collects it, by a function of the test's own. */
const collecting = async (zone: Zone, invoke: (payload: JsonValue) => Promise<unknown>) => {
  await zone.describeModel({ ingestion: { quietSeconds: 30 } });
  zone.put('incoming/penguins/week-1.csv', 'a,b\n1,2\n');
  await zone.tell('incoming/penguins/week-1.csv');
  await zone.clock.sleep(30_000);
  const input = { model: 'penguins', batchId: zone.collections()[0]?.split('-').slice(2).join('-') ?? '' };
  return runStateMachine(collectBatch, input, {
    invoke: async ({ arguments: given }) => ({
      Payload: await invoke((given as { Payload: JsonValue }).Payload),
    }),
    clock: zone.clock,
  });
};

describe('a collection whose function dies', () => {
  it.each(Array.from({ length: 6 }, (_, write) => write + 1))(
    'at its write %i is taken up again, and its batch has one run',
    async (write) => {
      const zone = dropZone();
      let tries = 0;

      const result = await collecting(zone, (payload) => {
        tries += 1;
        const services =
          tries > 1 ? zone.services : zone.withRecords(failingRecords(zone.records, write, 'after').records);
        return runStep(closeBatch, payload, services);
      });

      expect(result.status).toBe('SUCCEEDED');
      expect(await zone.batches()).toEqual([['week-1.csv']]);
      expect(zone.runs()).toHaveLength(1);
    },
  );

  it('over the time it has fails at once: another try would take as long', async () => {
    let tries = 0;

    const result = await collecting(dropZone(), async () => {
      tries += 1;
      throw new MillraceError('STEP_TIMED_OUT', 'it was stopped after 895 s, all the time it has');
    });

    expect([result.status, tries]).toEqual(['FAILED', 1]);
  });
});
