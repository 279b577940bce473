import { gzipSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type RowTaker, readCaptured } from '../../../lambdas/watch-models/read-captured.ts';
import { repeatedIds } from '../../../lambdas/watch-models/repeated-ids.ts';
import { localStores } from '../../support/index.ts';

const nine = Date.UTC(2026, 0, 5, 9);
const hour = 3_600_000;
const iso = (atMs: number) => new Date(atMs).toISOString();

interface Row {
  readonly id: string;
  readonly atMs?: number;
  readonly share?: number;
  readonly note?: string;
}

const line = ({ id, atMs = nine, share, note = '' }: Row) =>
  JSON.stringify({
    predictionId: id,
    model: 'lamps',
    version: 1,
    role: 'champion',
    at: iso(atMs),
    features: { note },
    output: {},
    share,
  });

const capturedWorld = () => {
  const { objects, path, remove } = localStores();
  onTestFinished(remove);
  let files = 0;
  const keep = async (bytes: string | Uint8Array, filedAtMs = nine) => {
    const at = iso(filedAtMs);
    files += 1;
    const key = `captured/model=lamps/dt=${at.slice(0, 10)}/hour=${at.slice(11, 13)}/${files}.gz`;
    await objects.putIfAbsent(key, bytes);
    return key;
  };
  const taken: { readonly id: string; readonly atMs: number; readonly note: unknown }[] = [];
  const taker: RowTaker = {
    take: ({ predictionId, features }, atMs) => taken.push({ id: predictionId, atMs, note: features.note }),
  };
  const read = (span = { from: nine, to: nine + hour }, takers = [taker], store = objects) =>
    readCaptured({ model: 'lamps', version: 1, span, ids: repeatedIds(), takers }, path, { objects: store });
  return { objects, keep, read, taken, idsTaken: () => taken.map(({ id }) => id) };
};

const packed = (...lines: readonly string[]) => gzipSync(lines.join('\n'));

describe('reading what was captured', () => {
  test('tells every taker of every row once, in one pass', async () => {
    const { keep, read } = capturedWorld();
    await keep(packed(line({ id: 'a' }), line({ id: 'b' }), ''));
    await keep(packed(line({ id: 'b' }), line({ id: 'c' })));
    const [first, second]: [string[], string[]] = [[], []];
    const into = (ids: string[]): RowTaker => ({ take: ({ predictionId }) => ids.push(predictionId) });

    const captured = await read(undefined, [into(first), into(second)]);

    expect([first, second]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
    ]);
    expect(captured).toMatchObject({ rows: 3, predictions: 3, repeatedRows: 1, skippedLines: 0 });
  });

  test('counts for how many predictions the rows of a sample stand', async () => {
    const { keep, read } = capturedWorld();
    await keep(packed(line({ id: 'a', share: 0.1 }), line({ id: 'b', share: 0.5 }), line({ id: 'c' })));

    expect(await read()).toMatchObject({ rows: 3, predictions: 13 });
  });

  test('tells nothing of a file that breaks off, and all of its rows once a whole copy is there', async () => {
    const { keep, read, idsTaken } = capturedWorld();
    const whole = packed(
      ...Array.from({ length: 2000 }, (_, row) => line({ id: `p${row}`, note: `${row * 7919}` })),
    );
    const torn = await keep(whole.subarray(0, whole.length - 6));
    const empty = await keep('');

    expect(await read()).toMatchObject({ rows: 0, skippedFiles: [torn, empty] });
    expect(idsTaken()).toEqual([]);

    await keep(whole);
    expect(await read()).toMatchObject({ rows: 2000, repeatedRows: 0, skippedFiles: [torn, empty] });
  });

  test('counts lines that are no records, also one too long to be held, and reads on behind it', async () => {
    const { keep, read, idsTaken } = capturedWorld();
    const long = line({ id: 'long', note: 'x'.repeat(9_000_000) });
    await keep(packed(line({ id: 'a' }), '{"half":', long, line({ id: 'b' }), '\r', line({ id: 'c' })));

    expect(await read()).toMatchObject({ rows: 3, skippedLines: 2 });
    expect(idsTaken()).toEqual(['a', 'b', 'c']);
  });

  test('reads letters of several bytes wherever the pieces of a file end', async () => {
    const { keep, read, taken } = capturedWorld();
    const notes = Array.from({ length: 3000 }, (_, row) => 'ü–🐧'.repeat(row % 50));
    await keep(packed(...notes.map((note, row) => line({ id: `p${row}`, note }))));

    await read();

    expect(taken.map(({ note }) => note)).toEqual(notes);
  });

  test('counts a row by the hour it is filed under, and one more than an hour away from it nowhere', async () => {
    const { keep, read, taken } = capturedWorld();
    await keep(
      packed(
        line({ id: 'early', atMs: nine - hour }),
        line({ id: 'late', atMs: nine + 2 * hour - 1 }),
        line({ id: 'yesterday', atMs: nine - 24 * hour }),
        line({ id: 'ahead', atMs: nine + 3 * hour }),
      ),
    );

    expect(await read()).toMatchObject({ rows: 2, skewedRows: 2 });
    expect(taken.map(({ id, atMs }) => [id, atMs])).toEqual([
      ['early', nine],
      ['late', nine + hour - 1],
    ]);
  });

  test('counts every row and every wrong clock in one of the windows that share an hour', async () => {
    const { keep, read, idsTaken } = capturedWorld();
    await keep(
      packed(
        line({ id: 'a', atMs: nine + 1 }),
        line({ id: 'b', atMs: nine + hour / 2 }),
        line({ id: 'ahead', atMs: nine + 9 * hour }),
      ),
    );

    const first = await read({ from: nine, to: nine + hour / 2 });
    const second = await read({ from: nine + hour / 2, to: nine + hour });

    expect([first.skewedRows, second.skewedRows]).toEqual([0, 1]);
    expect(idsTaken()).toEqual(['a', 'b']);
  });

  test('waits for takers that write', async () => {
    const { keep, read } = capturedWorld();
    await keep(packed(...Array.from({ length: 5000 }, (_, row) => line({ id: `p${row}` }))));
    let [held, mostHeld, written] = [0, 0, 0];
    const writer: RowTaker = {
      take: () => {
        held += 1;
        mostHeld = Math.max(mostHeld, held);
      },
      settle: async () => {
        await Promise.resolve();
        written += held;
        held = 0;
      },
    };

    await read(undefined, [writer]);

    expect([written, held]).toEqual([5000, 0]);
    expect(mostHeld).toBeLessThan(5000);
  });

  test('leaves out a file that is gone before it is read', async () => {
    const { objects, keep, read } = capturedWorld();
    await keep(packed(line({ id: 'a' })));
    const gone = 'captured/model=lamps/dt=2026-01-05/hour=09/gone.gz';
    const head = { key: gone, sizeBytes: 1, etag: '', modifiedAt: '' };

    const captured = await read(undefined, [], { ...objects, list: async () => ({ objects: [head] }) });

    expect(captured).toMatchObject({ rows: 0, skippedFiles: [gone] });
  });
});
