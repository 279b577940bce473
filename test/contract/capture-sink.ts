import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CaptureSink, PredictionRecord } from '../../lib/ports/capture-sink.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';

/** A sink under test, and the store its records arrive in. */
export interface CaptureSinkUnderTest {
  readonly capture: CaptureSink;
  readonly objects: ObjectStore;
  /** Makes each write from now on fail. */
  breakDisk(): void;
  remove(): void;
}

/** A prediction of the flight-delay champion at nine o'clock. */
export const predictionRecord = (changes: Partial<PredictionRecord> = {}): PredictionRecord => ({
  predictionId: '00000000000000000000000001',
  model: 'flight-delay',
  version: 7,
  role: 'champion',
  at: '2026-01-05T09:00:00.000Z',
  features: { origin: 'Zürich 🛫', distance: 300 },
  output: { label: 'late', probability: 0.7 },
  latencyMs: 1.25,
  ...changes,
});

/** What lies in the store under a prefix, line by line. */
export const capturedUnder = async (objects: ObjectStore, prefix: string): Promise<readonly unknown[]> => {
  const { objects: found } = await objects.list(prefix);
  const texts = await Promise.all(
    found.map(async ({ key }) => gunzipSync(await objects.get(key)).toString('utf8')),
  );
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line): unknown => JSON.parse(line));
};

/** What every CaptureSink promises; each adapter runs it. */
export const captureSinkContract = (name: string, makeSink: () => CaptureSinkUnderTest): void => {
  describe(`${name} keeps the promises of a capture sink`, () => {
    let underTest: CaptureSinkUnderTest;
    beforeEach(() => {
      underTest = makeSink();
    });
    afterEach(() => underTest.remove());

    it('keeps every record whole, as gzip NDJSON under its model, day and hour', async () => {
      const { capture, objects } = underTest;
      const nine = [predictionRecord(), predictionRecord({ predictionId: '2' })];
      const tenUtc = predictionRecord({ predictionId: '3', at: '2026-01-05T11:30:00+01:00' });
      const other = predictionRecord({ predictionId: '4', model: 'penguins' });

      capture.capture([...nine, tenUtc]);
      capture.capture([other]);
      const outcome = await capture.flush();

      expect(outcome).toEqual({ written: 4, lost: 0 });
      expect(await capturedUnder(objects, 'captured/model=flight-delay/dt=2026-01-05/hour=09/')).toEqual(
        nine,
      );
      expect(await capturedUnder(objects, 'captured/model=flight-delay/dt=2026-01-05/hour=10/')).toEqual([
        { ...tenUtc, at: expect.toSatisfy((at: string) => Date.parse(at) === Date.parse(tenUtc.at)) },
      ]);
      expect(await capturedUnder(objects, 'captured/model=penguins/dt=2026-01-05/hour=09/')).toEqual([other]);
      const keys = (await objects.list('')).objects.map((object) => object.key);
      expect(keys.every((key) => /^captured\/.*\/[^/]+\.ndjson\.gz$/u.test(key))).toBe(true);
    });

    it('writes nothing until there is something, and adds to what is there', async () => {
      const { capture, objects } = underTest;
      expect(await capture.flush()).toEqual({ written: 0, lost: 0 });

      capture.capture([predictionRecord()]);
      await capture.flush();
      capture.capture([predictionRecord({ predictionId: '2' })]);
      const outcome = await capture.flush();

      expect(outcome).toEqual({ written: 2, lost: 0 });
      expect(await capturedUnder(objects, 'captured/')).toHaveLength(2);
    });

    it('waits in one flush for the records another flush is writing', async () => {
      const { capture, objects } = underTest;
      capture.capture([predictionRecord()]);

      const [, second] = await Promise.all([capture.flush(), capture.flush()]);

      expect(second).toEqual({ written: 1, lost: 0 });
      expect(await capturedUnder(objects, 'captured/')).toHaveLength(1);
    });

    it('never throws at the prediction, but counts what could not be kept', async () => {
      const { capture, objects, breakDisk } = underTest;
      capture.capture([predictionRecord({ at: 'yesterday' }), predictionRecord()]);
      expect(await capture.flush()).toEqual({ written: 1, lost: 1 });

      breakDisk();
      capture.capture([predictionRecord(), predictionRecord()]);

      expect(await capture.flush()).toEqual({ written: 1, lost: 3 });
      expect(await capturedUnder(objects, 'captured/')).toHaveLength(1);
    });
  });
};
