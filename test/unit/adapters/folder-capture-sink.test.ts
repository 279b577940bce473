import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { capturedPrefix, folderCaptureSink } from '../../../lib/adapters/local/folder-capture-sink.ts';
import { capturedUnder, predictionRecord } from '../../contract/capture-sink.ts';
import { type LocalStores, localStores } from '../../support/index.ts';

describe('the folder capture sink', () => {
  let stores: LocalStores;
  beforeEach(() => {
    stores = localStores();
  });
  afterEach(() => {
    vi.useRealTimers();
    stores.remove();
  });

  it('drops and counts what exceeds its buffer, the latest first, rather than fill the memory', async () => {
    const sink = folderCaptureSink({ ...stores, maxBufferedRecords: 3 });
    const records = ['1', '2', '3', '4', '5'].map((predictionId) => predictionRecord({ predictionId }));

    sink.capture(records.slice(0, 2));
    sink.capture(records.slice(2));

    expect(await sink.flush()).toEqual({ written: 3, lost: 2 });
    expect(await capturedUnder(stores.objects, 'captured/')).toEqual(records.slice(0, 3));
  });

  it('counts what is on its way to a slow disk as buffered, and has room again afterwards', async () => {
    const sink = folderCaptureSink({ ...stores, maxBufferedRecords: 1 });
    sink.capture([predictionRecord()]);
    const flushed = sink.flush();
    sink.capture([predictionRecord()]);
    expect(await flushed).toEqual({ written: 1, lost: 1 });

    sink.capture([predictionRecord()]);

    expect(await sink.flush()).toEqual({ written: 2, lost: 1 });
  });

  it('writes by itself after its longest delay', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const sink = folderCaptureSink({ ...stores, maxDelayMs: 5000 });
    sink.capture([predictionRecord()]);

    vi.advanceTimersByTime(4999);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1);

    expect(vi.getTimerCount()).toBe(0);
    await vi.waitUntil(async () => (await capturedUnder(stores.objects, 'captured/')).length === 1);
  });

  it('takes nothing more once closed, and says so', async () => {
    const sink = folderCaptureSink(stores);
    sink.capture([predictionRecord()]);
    expect(await sink.close()).toEqual({ written: 1, lost: 0 });

    sink.capture([predictionRecord()]);

    expect(await sink.flush()).toEqual({ written: 1, lost: 1 });
  });

  it('files a record under the UTC hour of its prediction', () => {
    expect(capturedPrefix({ model: 'm', at: '2026-01-01T00:30:00+01:00' })).toBe(
      'captured/model=m/dt=2025-12-31/hour=23/',
    );
  });
});
