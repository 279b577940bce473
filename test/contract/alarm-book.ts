import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlarmBook, LaneAlarm } from '../../lib/ports/alarm-book.ts';

export interface AlarmBookUnderTest {
  readonly alarms: AlarmBook;
  /** Brings an alarm that was made into the state `alarm`. */
  readonly ring: (alarm: LaneAlarm) => Promise<void>;
  remove(): void;
}

const drift = (changes: Partial<LaneAlarm> = {}): LaneAlarm => ({
  model: 'flight-delay',
  lane: 'drift',
  version: 1,
  windowHours: 24,
  breaches: 2,
  outOf: 3,
  whenMissing: 'ignore',
  ...changes,
});

/** What every AlarmBook promises, whoever judges the points; each adapter runs it. */
export const alarmBookContract = (name: string, makeBook: () => AlarmBookUnderTest): void => {
  describe(`${name} keeps the promises of an alarm book`, () => {
    let underTest: AlarmBookUnderTest;
    let alarms: AlarmBook;

    beforeEach(() => {
      underTest = makeBook();
      alarms = underTest.alarms;
    });
    afterEach(() => underTest.remove());

    it('knows no alarm of a model until it is made, and none of another', async () => {
      expect(await alarms.states('flight-delay')).toEqual([]);

      await alarms.ensure([drift(), drift({ lane: 'freshness', whenMissing: 'breaching', outOf: 2 })]);

      expect((await alarms.states('flight-delay')).map(({ lane }) => lane).sort()).toEqual([
        'drift',
        'freshness',
      ]);
      expect(await alarms.states('flight')).toEqual([]);
    });

    it('makes the same alarm once, and corrects one that differs', async () => {
      await alarms.ensure([drift()]);
      const [before] = await alarms.states('flight-delay');
      await alarms.ensure([drift()]);
      await alarms.ensure([drift({ breaches: 1 })]);

      const after = await alarms.states('flight-delay');
      expect(after).toHaveLength(1);
      expect(after[0]).toMatchObject({ model: 'flight-delay', lane: 'drift', since: before?.since });
    });

    it('starts an alarm anew that is to look at another version, once', async () => {
      await alarms.ensure([drift()]);
      await underTest.ring(drift());
      expect(await alarms.states('flight-delay')).toMatchObject([{ lane: 'drift', state: 'alarm' }]);

      await alarms.ensure([drift({ version: 2 })]);
      expect(await alarms.states('flight-delay')).toMatchObject([{ lane: 'drift', state: 'unknown' }]);

      await underTest.ring(drift({ version: 2 }));
      await alarms.ensure([drift({ version: 2 })]);
      expect(await alarms.states('flight-delay')).toMatchObject([{ lane: 'drift', state: 'alarm' }]);
    });

    it('keeps an alarm of whether anybody asks as it is, whichever version answers', async () => {
      const freshness = drift({ lane: 'freshness', whenMissing: 'breaching', outOf: 2 });
      await alarms.ensure([freshness]);
      await underTest.ring(freshness);

      await alarms.ensure([{ ...freshness, version: 2 }]);

      expect(await alarms.states('flight-delay')).toMatchObject([{ lane: 'freshness', state: 'alarm' }]);
    });

    it('removes every alarm of a model and no other, once or twice', async () => {
      await alarms.ensure([drift(), drift({ model: 'flight' })]);

      await alarms.remove('flight-delay');
      await alarms.remove('flight-delay');

      expect(await alarms.states('flight-delay')).toEqual([]);
      expect(await alarms.states('flight')).toHaveLength(1);
    });
  });
};
