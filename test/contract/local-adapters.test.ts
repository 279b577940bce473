import { folderCaptureSink } from '../../lib/adapters/local/folder-capture-sink.ts';
import { sqliteAlarmBook } from '../../lib/adapters/local/sqlite-alarm-book.ts';
import { systemClock } from '../../lib/adapters/local/system-clock.ts';
import { systemIds } from '../../lib/adapters/local/system-ids.ts';
import type { LaneAlarm } from '../../lib/ports/alarm-book.ts';
import type { ObjectStore } from '../../lib/ports/object-store.ts';
import { laneDimensions, laneMetrics } from '../../lib/wire/metrics.ts';
import { countingIds, fixedClock, localStores } from '../support/index.ts';
import { alarmBookContract } from './alarm-book.ts';
import { captureSinkContract } from './capture-sink.ts';
import { clockContract } from './clock.ts';
import { idsContract } from './ids.ts';
import { metricSinkContract } from './metric-sink.ts';
import { notifierContract } from './notifier.ts';

clockContract("The machine's clock", () => systemClock);
clockContract('The fixed clock of tests', () => fixedClock());

idsContract('Real ids', () => systemIds({ clock: systemClock }));
idsContract('Real ids while time stands still', () => systemIds({ clock: fixedClock() }));
idsContract('The counting ids of tests', countingIds);

notifierContract('The console', () => {
  const { notifier, shown, remove } = localStores();
  return { notifier, seen: () => shown, remove };
});

metricSinkContract('SQLite', () => localStores());

alarmBookContract('SQLite', () => {
  const { database, clock, metrics, remove } = localStores();
  const ring = async ({ model, lane, version, windowHours, outOf }: LaneAlarm) => {
    const dimensions = laneDimensions(model, lane, version);
    const point = { name: laneMetrics.score, value: 2, unit: 'None' as const, dimensions };
    const points = Array.from({ length: outOf }, (_, ago) => ({
      ...point,
      at: clock.now() - ago * windowHours * 3_600_000,
    }));
    await metrics.put(points);
  };
  return { alarms: sqliteAlarmBook({ database, clock }), ring, remove };
});

captureSinkContract('The folder', () => {
  const { objects, ids, remove } = localStores();
  let isBroken = false;
  const breakable: ObjectStore = {
    ...objects,
    putIfAbsent: (key, body) =>
      isBroken ? Promise.reject(new Error('input/output error')) : objects.putIfAbsent(key, body),
  };
  const breakDisk = () => {
    isBroken = true;
  };
  return { capture: folderCaptureSink({ objects: breakable, ids }), objects, breakDisk, remove };
});
