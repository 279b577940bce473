import { describe, expect, it } from 'vitest';
import { freshRegistry, secondRegistry } from './support/fresh-registry.ts';
import { dropped } from './support/stories.ts';

describe('files that arrive', () => {
  it('count once, however often the event is delivered', async () => {
    const { registry } = freshRegistry();

    const first = await registry.noteArrival(dropped('week-1.csv'));
    const again = await registry.noteArrival(dropped('week-1.csv'));

    expect([first.isNew, again.isNew]).toEqual([true, false]);
    expect(await registry.pendingArrivals('penguins')).toEqual([first.arrival]);
  });

  it('stay pending while their model has no spec yet', async () => {
    const { registry } = freshRegistry();

    await registry.noteArrival(dropped('week-1.csv'));

    expect(await registry.findSpec('penguins')).toBeUndefined();
    expect(await registry.pendingArrivals('penguins')).toHaveLength(1);
  });

  it('are listed oldest first', async () => {
    const { registry, clock } = freshRegistry();
    await registry.noteArrival(dropped('b.csv'));
    await clock.advance(1000);
    await registry.noteArrival(dropped('a.csv'));

    const pending = await registry.pendingArrivals('penguins');

    expect(pending.map(({ key }) => key)).toEqual(['incoming/penguins/b.csv', 'incoming/penguins/a.csv']);
  });

  it('are superseded by newer content under the same key', async () => {
    const { registry } = freshRegistry();
    await registry.noteArrival(dropped('week-1.csv', 'broken'));

    await registry.noteArrival(dropped('week-1.csv', 'corrected'));

    const pending = await registry.pendingArrivals('penguins');
    expect(pending.map(({ etag }) => etag)).toEqual(['corrected']);
  });

  it('are not superseded by older content whose event came late', async () => {
    const { registry } = freshRegistry();
    const at = (etag: string, modifiedAt: string) => ({ ...dropped('week-1.csv', etag), modifiedAt });
    await registry.noteArrival(at('corrected', '2026-01-05T08:00:00.000Z'));

    const late = await registry.noteArrival(at('broken', '2026-01-05T07:00:00.000Z'));

    expect(late.arrival.status).toBe('superseded');
    const pending = await registry.pendingArrivals('penguins');
    expect(pending.map(({ etag }) => etag)).toEqual(['corrected']);
  });
});

describe('a batch', () => {
  it('takes its files out of what is pending', async () => {
    const { registry } = freshRegistry();
    await registry.noteArrival(dropped('week-1.csv'));
    await registry.noteArrival(dropped('week-2.csv'));

    const closed = await registry.closeBatch('penguins', 'batch-1', [dropped('week-1.csv')]);

    expect(closed).toMatchObject({ closed: true, isNew: true, batch: { arrivals: [{ etag: 'first' }] } });
    const pending = await registry.pendingArrivals('penguins');
    expect(pending.map(({ key }) => key)).toEqual(['incoming/penguins/week-2.csv']);
  });

  it('is closed by exactly one of two closers at once', async () => {
    const first = freshRegistry();
    const second = secondRegistry(first);
    await first.registry.noteArrival(dropped('week-1.csv'));

    const files = [dropped('week-1.csv')];
    const results = await Promise.all([
      first.registry.closeBatch('penguins', 'batch-1', files),
      second.closeBatch('penguins', 'batch-2', files),
    ]);

    expect(results.filter(({ closed }) => closed)).toHaveLength(1);
    expect(results.filter(({ closed }) => !closed)).toEqual([
      { closed: false, because: 'incoming/penguins/week-1.csv is batched, expected pending' },
    ]);
    expect(await first.registry.listBatches('penguins')).toHaveLength(1);
  });

  it('closed again under its id is the batch it was', async () => {
    const { registry } = freshRegistry();
    await registry.noteArrival(dropped('week-1.csv'));
    const once = await registry.closeBatch('penguins', 'batch-1', [dropped('week-1.csv')]);

    const again = await registry.closeBatch('penguins', 'batch-1', [dropped('week-1.csv')]);

    expect(again).toEqual({ ...once, isNew: false });
  });

  it('takes 250 files, more than fit in one transaction', async () => {
    const { registry } = freshRegistry();
    const files = Array.from({ length: 250 }, (_, part) => dropped(`part-${part}.csv`));
    for (const file of files) await registry.noteArrival(file);

    const closed = await registry.closeBatch('penguins', 'batch-1', files);

    expect(closed.closed && closed.batch.arrivals).toHaveLength(250);
    expect(await registry.pendingArrivals('penguins')).toEqual([]);
  });

  it('is not closed without files, nor with one that never arrived', async () => {
    const { registry } = freshRegistry();

    const empty = await registry.closeBatch('penguins', 'batch-1', []);
    const unheard = await registry.closeBatch('penguins', 'batch-1', [dropped('ghost.csv')]);

    expect(empty).toEqual({ closed: false, because: 'no files are pending' });
    expect(unheard).toEqual({
      closed: false,
      because: 'incoming/penguins/ghost.csv is not an arrival, expected pending',
    });
  });
});
