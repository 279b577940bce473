import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { firehoseCaptureSink } from '../../../../lib/adapters/aws/firehose-capture-sink.ts';
import type { PredictionRecord } from '../../../../lib/ports/capture-sink.ts';
import { predictionRecord } from '../../../contract/capture-sink.ts';
import { FakeFirehose } from '../../../contract/fake-firehose.ts';
import { type FixedClock, fixedClock } from '../../../support/index.ts';

const manyRecords = (count: number, changes: Partial<PredictionRecord> = {}) =>
  Array.from({ length: count }, (_, n) => predictionRecord({ predictionId: `${n}`, ...changes }));
const padded = (bytes: number) => ({ features: { text: 'x'.repeat(bytes) } });

describe('the Firehose capture sink', () => {
  let clock: FixedClock;
  let firehose: FakeFirehose;
  beforeEach(() => {
    clock = fixedClock();
    firehose = new FakeFirehose({ stream: 'stream' });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const makeSink = (options: { maxBufferedBytes?: number; maxDelayMs?: number } = {}) =>
    firehoseCaptureSink({ stream: 'stream', client: firehose.client, clock, ...options });

  it('packs many lines of one model into few records, 500 at most in each, because each is billed as 5 KB', async () => {
    const sink = makeSink();

    sink.capture([...manyRecords(700), ...manyRecords(3, { model: 'penguins' })]);

    expect(await sink.flush()).toEqual({ written: 703, lost: 0 });
    const lines = firehose.requests.flat().map((record) => record.toString().trimEnd().split('\n').length);
    expect(lines).toEqual([500, 200, 3]);
  });

  it('sends again only what Firehose refused', async () => {
    firehose.refusals = [2, 1];
    const sink = makeSink();
    const before = clock.now();

    for (const model of ['a', 'b', 'c']) sink.capture([predictionRecord({ model })]);

    expect(await sink.flush()).toEqual({ written: 3, lost: 0 });
    expect(firehose.requests.map((records) => records.length)).toEqual([3, 2, 1]);
    expect(clock.now() - before).toBe(300);
    expect(firehose.delivered).toHaveLength(3);
  });

  it('gives up what is refused four times, and counts its lines', async () => {
    firehose.refusals = [1, 1, 1, 1, 1];
    const sink = makeSink();

    sink.capture([...manyRecords(5, { model: 'a' }), predictionRecord({ model: 'b' })]);

    expect(await sink.flush()).toEqual({ written: 1, lost: 5 });
    expect(firehose.requests).toHaveLength(4);
  });

  it('keeps to 500 records and 4 MB a request', async () => {
    const sink = makeSink();
    const models = Array.from({ length: 600 }, (_, n) => predictionRecord({ model: `m${n}` }));

    sink.capture(models);
    await sink.flush();
    sink.capture(manyRecords(10, padded(600_000)));

    expect(await sink.flush()).toEqual({ written: 610, lost: 0 });
    expect(firehose.requests.map((records) => records.length)).toEqual([500, 100, 4, 4, 2]);
  });

  it('drops the oldest when its memory is full, and counts them', async () => {
    const sink = makeSink({ maxBufferedBytes: 3000 });
    const records = manyRecords(6, padded(700));

    sink.capture(records.slice(0, 3));
    sink.capture(records.slice(3));

    expect(await sink.flush()).toEqual({ written: 3, lost: 3 });
    expect(firehose.delivered.map(({ line }) => JSON.parse(line))).toEqual(records.slice(3));
  });

  it('counts what is on its way as held, and has room again afterwards', async () => {
    const sink = makeSink({ maxBufferedBytes: 1200 });
    sink.capture(manyRecords(1, padded(700)));
    const flushed = sink.flush();
    sink.capture(manyRecords(1, padded(700)));

    expect(await flushed).toEqual({ written: 1, lost: 1 });
    sink.capture(manyRecords(1, padded(700)));
    expect(await sink.flush()).toEqual({ written: 2, lost: 1 });
  });

  it('loses a record that Firehose would not take, and no other with it', async () => {
    const sink = makeSink();

    sink.capture([predictionRecord(padded(900_000)), predictionRecord()]);

    expect(await sink.flush()).toEqual({ written: 1, lost: 1 });
  });

  it('sends by itself after its longest delay, or once it has a request full', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const sink = makeSink({ maxDelayMs: 5000 });
    sink.capture([predictionRecord()]);

    vi.advanceTimersByTime(4999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(vi.getTimerCount()).toBe(0);
    await vi.waitUntil(() => firehose.requests.length === 1);

    sink.capture(manyRecords(4, padded(800_000)));
    await vi.waitUntil(() => firehose.requests.length === 3);
    expect(vi.getTimerCount()).toBe(0);
  });
});
