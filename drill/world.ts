import { run as decideRetraining } from '../lambdas/decide-retraining/handler.ts';
import { run as watchModels } from '../lambdas/watch-models/handler.ts';
import { type Lane, laneAlarmNameOf } from '../lib/wire/names.ts';
import { atHour } from './calendar.ts';
import type { Fault, Flight, Flights } from './flights.ts';
import { eventually, type House } from './house.ts';
import type { Story } from './story.ts';
import { type Traffic, traffic } from './traffic.ts';

export const model = 'early-flights';

/** Weeks known when the story begins; from the day after them on flights are asked about. */
export const historyWeeks = 6;
export const askedPerDay = 400;

/** Mondays, Thursdays and Saturdays, in the evening: whenever labels have come or a window is over, and once more. */
const daysOfLooks: readonly number[] = [0, 3, 5];

/** An alarm may be told more than once; here it always is. */
export const copiesOfAnAlarm = 5;

/** What every chapter works with. */
export interface World {
  readonly house: House;
  readonly flights: Flights;
  readonly story: Story;
  readonly traffic: Traffic;
  /** Drops the file of a week; gives how many flights are in it. */
  readonly dropWeek: (week: number, fault?: Fault) => Promise<number>;
  /** Drops the file of a week and waits until a batch is made of it; gives the batch's id. */
  readonly weekArrives: (week: number, fault?: Fault) => Promise<string>;
  /**
   * Lives on until the first moment of a day: flights are asked about, labels come, the file of a week that is over
   * arrives, the monitor and the controller look three times a week. Whatever run begins ends or asks before time goes on.
   */
  readonly liveUntil: (day: number, options?: LiveOptions) => Promise<void>;
  readonly today: () => number;
  /** How many alarms have begun to ring. */
  readonly alarmsRung: () => number;
  /** Until a run has ended or asks. */
  readonly settled: (runId: string) => Promise<void>;
}

export interface LiveOptions {
  /** Ends the living on the evening of the day it says so. */
  readonly until?: () => Promise<boolean>;
  /** Weeks whose files do not come by themselves. */
  readonly withheld?: readonly number[];
  /** What clients do to flights before they ask about them, by day. */
  readonly spoil?: Readonly<Record<number, (flight: Flight) => Flight>>;
}

const keyOf = (week: number, fault: Fault | undefined): string =>
  `incoming/${model}/2001-week-${String(week).padStart(2, '0')}${fault === undefined ? '' : `-${fault}`}.parquet`;

const isRinging = ({ state }: { readonly state: string }) => state === 'alarm';

export const makeWorld = (parts: Pick<World, 'house' | 'flights' | 'story'>): World => {
  const { house, flights, story } = parts;
  const { laptop, clock } = house;
  const asking = traffic({ ...parts, model });
  let today = historyWeeks * 7;
  let rung = 0;
  let ringing: readonly Lane[] = [];

  const dropWeek = (week: number, fault?: Fault): Promise<number> =>
    laptop.withScratchFolder(async (folder) => {
      const filePath = `${folder}/week.parquet`;
      const rows = await flights.writeWeek(week, filePath, fault);
      await house.drop(keyOf(week, fault), { filePath });
      return rows;
    });

  const weekArrives = async (week: number, fault?: Fault): Promise<string> => {
    const { registry } = laptop;
    await dropWeek(week, fault);
    await house.lookAtDropZone();
    const dropped = keyOf(week, fault);
    return eventually(`week ${week} to become a batch`, async () => {
      const batches = await registry.listBatches(model, { limit: 20 });
      return batches.find(({ arrivals }) => arrivals.some(({ key }) => key === dropped))?.batchId;
    });
  };

  const tellOfAlarm = async (lane: Lane): Promise<void> => {
    story.happened(`the ${lane} alarm rings; it is told ${copiesOfAnAlarm} times`);
    const alarm = {
      source: 'aws.cloudwatch',
      detail: { alarmName: laneAlarmNameOf('dev', model, lane) },
    };
    await Promise.all(Array.from({ length: copiesOfAnAlarm }, () => decideRetraining(alarm, laptop)));
  };

  /** What the schedule does, and what alarms do on top of it. */
  const look = async (): Promise<void> => {
    await watchModels({}, { ...laptop, stuckAfterHours: 24 });
    // What labels told of a window is dropped to be trained on.
    await house.lookAtDropZone();
    const now = (await laptop.alarms.states(model)).filter(isRinging).map(({ lane }) => lane);
    const [fresh, before] = [now.filter((lane) => !ringing.includes(lane)), ringing];
    ringing = now;
    rung += fresh.length;
    for (const lane of before) if (!now.includes(lane)) story.happened(`the ${lane} alarm is over`);
    for (const lane of fresh) await tellOfAlarm(lane);
    await decideRetraining({}, laptop);
  };

  /** People know batches by what is in them. */
  const nameBatches = async (): Promise<void> => {
    for (const { batchId, arrivals } of await laptop.registry.listBatches(model, { limit: 200 })) {
      const [key = ''] = arrivals.map((arrival) => arrival.key);
      const [, folder, name] = /(from-labels\/)?([^/]+?)(\.[a-z.]+)?$/.exec(key) ?? [];
      story.nameBatch(batchId, folder === undefined ? `${name}` : `of labels until ${name?.slice(0, 10)}`);
    }
  };

  const settled = async (runId: string): Promise<void> => {
    await eventually(`run ${runId} to end or to ask`, async () => {
      const { status } = await laptop.registry.getRun(runId);
      const pending = await laptop.registry.listPendingApprovals({ model });
      return status !== 'running' || pending.some((one) => one.runId === runId) || undefined;
    });
    await nameBatches();
  };

  const liveOneDay = async (options: LiveOptions): Promise<void> => {
    const { withheld = [], spoil = {} } = options;
    clock.moveTo(atHour(today, 0));
    await asking.ask(today, spoil[today]);
    clock.moveTo(atHour(today, 6));
    const week = today / 7;
    if (Number.isInteger(week) && week > historyWeeks && !withheld.includes(week)) {
      await weekArrives(week);
      story.note(`the file of week ${week} arrives`);
    }
    clock.moveTo(atHour(today, 23));
    await asking.tellLabels(today);
    if (daysOfLooks.includes(today % 7)) await look();
    const [newest] = await laptop.registry.listRuns(model, { limit: 1 });
    if (newest?.status === 'running') await settled(newest.runId);
    today += 1;
  };

  const liveUntil = async (day: number, options: LiveOptions = {}): Promise<void> => {
    while (today < day) {
      await liveOneDay(options);
      if (today % 7 === 0) story.note(`${asking.asked().toLocaleString('en')} flights asked about so far`);
      if (await options.until?.()) return;
    }
  };

  return {
    ...parts,
    traffic: asking,
    dropWeek,
    weekArrives,
    liveUntil,
    today: () => today,
    alarmsRung: () => rung,
    settled,
  };
};
