import { describe, expect, it } from 'vitest';
import {
  billOf,
  prices,
  type Team,
  trainingJobUsd,
  usesAsleep,
  usesPredicting,
  usesTraining,
  usuallyKept,
} from '../../../lib/domain/cost/index.ts';
import { watchedLanes } from '../../../lib/domain/lane-alarms/index.ts';
import { idlePrices } from '../../../lib/wire/idle-prices.ts';
import { readSettings } from '../../../lib/wire/settings.ts';

const team = (given: object = {}, models = 1): Team => ({
  settings: readSettings(given),
  models,
  kept: usuallyKept,
});

describe('a stage that sleeps', () => {
  it('costs less than a dollar a month at list price, with one model and no key of its own', () => {
    const { lines, usd, usdAfterFree } = billOf(usesAsleep(team()));

    // Five of the stack, and a lane each but for the one that labels bring.
    const alarms = lines.filter(({ price }) => price === 'alarm').reduce((sum, { units }) => sum + units, 0);
    expect(alarms).toBe(9);
    expect(usd).toBeLessThan(1);
    expect(usdAfterFree).toBeLessThan(0.1);
  });

  it('costs a dollar more with a key of its own, and three with a dashboard', () => {
    const plain = billOf(usesAsleep(team())).usd;

    expect(billOf(usesAsleep(team({ customerManagedKey: true }))).usd - plain).toBeCloseTo(1, 9);
    expect(billOf(usesAsleep(team({ dashboard: true }))).usd - plain).toBeCloseTo(3, 9);
  });

  it('costs the alarms of four lanes and a little monitoring for each further model', () => {
    const further = billOf(usesAsleep(team({}, 2))).usd - billOf(usesAsleep(team({}, 1))).usd;

    expect(further).toBeGreaterThan(watchedLanes.length * 0.1);
    expect(further).toBeLessThan(watchedLanes.length * 0.1 + 0.05);
  });
});

describe('a bill', () => {
  it('shares an allowance among the lines of one price, in their order', () => {
    const { lines, usd, usdAfterFree } = billOf([
      { what: 'first', price: 'alarm', units: 8 },
      { what: 'second', price: 'alarm', units: 5 },
    ]);

    expect(lines.map((line) => line.usdAfterFree)).toEqual([0, expect.closeTo(0.3, 12)]);
    expect([usd, usdAfterFree]).toEqual([expect.closeTo(1.3, 12), expect.closeTo(0.3, 12)]);
  });

  it('is the sum of its lines, and never above list price', () => {
    const bill = billOf([
      ...usesAsleep(team()),
      ...usesPredicting(team(), { predictionsPerDay: 50_000, rowsPerRequest: 3 }),
      ...usesTraining(team(), 3),
    ]);

    expect(bill.usd).toBeCloseTo(
      bill.lines.reduce((sum, { usd }) => sum + usd, 0),
      9,
    );
    for (const line of bill.lines) expect(line.usdAfterFree).toBeLessThanOrEqual(line.usd);
  });
});

describe('predictions', () => {
  const monthly = (given: object, predictionsPerDay: number, rowsPerRequest = 1) =>
    billOf(usesPredicting(team(given), { predictionsPerDay, rowsPerRequest })).usd;

  it('cost nothing when there are none', () => {
    expect(monthly({}, 0)).toBe(0);
  });

  it('bring labels, and these an alarm more for each model: the tenth is free where nobody else has any', () => {
    const alarmOf = (models: number) =>
      billOf([
        ...usesAsleep(team({}, models)),
        ...usesPredicting(team({}, models), { predictionsPerDay: 1000, rowsPerRequest: 1 }),
      ]).lines.find(({ what }) => what.startsWith('labels: the alarm'));

    expect(alarmOf(1)).toMatchObject({ units: 1, usd: 0.1, usdAfterFree: 0 });
    expect(alarmOf(3)).toMatchObject({
      units: 3,
      usd: expect.closeTo(0.3, 12),
      usdAfterFree: alarmOf(3)?.usd,
    });
  });

  it('cost a few dollars a million, worked out by hand', () => {
    // Beyond a request a second, of a million more: 25 + 8 + 0.1 ms of 1769 MB each, 1.7 KB of log, 0.3 KB of answer.
    // No traces. A million KB are 1 / 1.048576 GB.
    const gbSeconds = (33.1 / 1000) * (1769 / 1024) * 1_000_000;
    const answering = 1 + 0.2 + gbSeconds * 0.0000133334 + (1.7 / 1.048576) * 0.5 + (0.3 / 1.048576) * 0.09;
    // 5 KB taken in, 0.6 KB sorted, a thousand a second read, 0.15 KB kept for 13 months.
    const capturing =
      (5 / 1.048576) * 0.029 + (0.6 / 1.048576) * 0.02 + 0.07 / 3.6 + ((13 * 0.15) / 1.048576) * 0.023;

    // A label each, 0.06 KB kept for 13 months.
    const labelling = ((13 * 0.06) / 1.048576) * 0.023;

    const perMillion = (monthly({}, 3_000_000) - monthly({}, 2_000_000)) / (730 / 24);

    // What is left of the difference: the monitor's computing over 50,000 predictions a second.
    expect(perMillion - answering - capturing - labelling).toBeGreaterThan(0);
    expect(perMillion - answering - capturing - labelling).toBeLessThan(0.001);
  });

  it('cost less when many come in one request, and without the price of the API behind a function URL', () => {
    expect(monthly({}, 1_000_000, 100)).toBeLessThan(monthly({}, 1_000_000) / 5);
    expect(monthly({ frontDoor: { kind: 'function-url' } }, 1_000_000)).toBeLessThan(
      monthly({}, 1_000_000) - 30,
    );
  });

  it('cost a quarter more computing on x86', () => {
    const computing = (architecture: string) =>
      billOf(
        usesPredicting(team({ architecture }), { predictionsPerDay: 1000, rowsPerRequest: 1 }),
      ).lines.find(({ what }) => what === 'endpoint: computing')?.usd ?? Number.NaN;

    expect(computing('x86_64') / computing('arm64')).toBeCloseTo(1.25, 3);
  });
});

describe('a training', () => {
  it('of three minutes in Lambda costs about three cents', () => {
    const { usd } = billOf(usesTraining(team(), 3));

    expect(usd).toBeGreaterThan(0.02);
    expect(usd).toBeLessThan(0.05);
  });

  it('follows the memory that settings give the trainer', () => {
    const usd = (given: object) => billOf(usesTraining(team(given), 10)).usd;

    expect(usd({ functions: { 'train-model': { memoryMb: 4096 } } })).toBeLessThan(usd({}));
  });

  it('on SageMaker costs the hours of its instance, and an unknown instance is named', () => {
    expect(trainingJobUsd('ml.m5.xlarge', 2)).toBeCloseTo(0.46, 9);
    expect(() => trainingJobUsd('ml.p9.huge', 1)).toThrow(/"ml.p9.huge", expected one of ml\.m5\.large/);
  });
});

describe('the price table', () => {
  it('names a page of AWS for every price', () => {
    for (const [name, { usd, page }] of Object.entries(prices)) {
      expect(usd, name).toBeGreaterThan(0);
      expect(page, name).toMatch(/^https:\/\/aws\.amazon\.com\//);
    }
  });

  it('says why each kind of resource costs what it costs, and knows what it is billed for', () => {
    for (const [type, { asleep, because }] of Object.entries(idlePrices)) {
      expect(because, type).not.toBe('');
      for (const name of asleep) expect(Object.keys(prices), type).toContain(name);
    }
  });
});
