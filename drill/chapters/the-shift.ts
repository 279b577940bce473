import { dayOfWeek1 } from '../calendar.ts';
import { desk } from '../desk.ts';
import { copiesOfAnAlarm, historyWeeks, model, type World } from '../world.ts';

const weekOfTheShift = 17;

const isRinging = async ({ house }: World, lane: string): Promise<boolean> =>
  (await house.laptop.alarms.states(model)).some((one) => one.lane === lane && one.state === 'alarm');

/** The scores of every lane in every window so far, those told by labels included. */
const scoresOf = async ({ house }: World) => {
  const { registry } = house.laptop;
  const windows = await registry.listWindows(model);
  const realised = await registry.listRealisedWindows(model);
  const told = realised.flatMap(({ score, windowEnd }) =>
    score === undefined ? [] : [{ lane: 'realised-quality', score, windowEnd }],
  );
  const looked = windows.flatMap(({ lanes, windowEnd }) =>
    lanes.map(({ lane, score }) => ({ lane, score, windowEnd })),
  );
  return {
    windows: windows.filter(({ outcome }) => outcome === 'judged').length,
    scores: [...looked, ...told],
  };
};

const greatest = (scores: readonly { readonly score: number }[]): number =>
  Math.max(...scores.map(({ score }) => score));

/** Ten weeks in which nothing happens: the hardest thing for a monitor to notice. */
const quietWeeks = async (world: World): Promise<void> => {
  const { story, traffic } = world;
  const { retrains } = desk(world);
  await world.liveUntil(dayOfWeek1(weekOfTheShift));
  story.happened(
    `weeks ${historyWeeks + 1} to ${weekOfTheShift - 1} have come and gone: ${traffic.asked().toLocaleString('en')} flights were asked about, their labels came days late, ${world.alarmsRung() === 0 ? 'nothing' : `${world.alarmsRung()} alarm(s)`} rang`,
  );
  await story.promise('quiet weeks ring no alarm and start no run', async () => {
    const { windows, scores } = await scoresOf(world);
    const lanes = new Set(scores.map(({ lane }) => lane));
    const told = scores.filter(({ lane }) => lane === 'realised-quality').length;
    const runs = (await retrains()).length;
    return [
      windows >= 8 &&
        told >= 8 &&
        lanes.size >= 4 &&
        greatest(scores) < 1 &&
        world.alarmsRung() === 0 &&
        runs === 0,
      `${weekOfTheShift - historyWeeks - 1} weeks, ${traffic.asked().toLocaleString('en')} predictions: ${windows} windows judged in ${lanes.size} lanes (${told} of them by labels), greatest score ${greatest(scores).toFixed(2)} of 1; ${world.alarmsRung()} alarms, ${runs} runs`,
    ];
  });
};

/** Late April: flights arrive early as never before, and only the labels can tell. */
const theShiftIsFound = async (world: World): Promise<void> => {
  const { story } = world;
  const { registry } = desk(world);
  await world.liveUntil(dayOfWeek1(weekOfTheShift + 3), {
    until: () => isRinging(world, 'realised-quality'),
  });
  const realised = (await registry.listRealisedWindows(model)).find(({ score = 0 }) => score >= 1);
  await story.promise('the late-April shift is found as soon as its labels are in', async () => [
    realised !== undefined && realised.windowEnd <= '2001-05-04',
    realised === undefined
      ? 'no window of realised quality is in breach'
      : `score ${realised.score?.toFixed(2)} of 1: until ${realised.windowEnd.slice(0, 10)} ${realised.because}; nineteen labels of twenty took up to ${realised.delayHours?.toFixed(0)} hours`,
  ]);
  await story.promise('no look at the inputs alone could have found it, and none cried wolf', async () => {
    const { scores } = await scoresOf(world);
    const inputs = scores.filter(({ lane }) => lane !== 'realised-quality');
    return [
      inputs.length > 0 && greatest(inputs) < 1,
      `${inputs.length} scores without labels, the greatest ${greatest(inputs).toFixed(2)} of 1`,
    ];
  });
};

/** Quiet weeks, then the late-April shift: one alarm, one run, and too little that is trusted to learn from. */
export const theShift = async (world: World): Promise<void> => {
  const { story } = world;
  const { registry, retrains, pending, decide, champion, quarantined, whyNot } = desk(world);
  story.chapter('Quiet weeks, then the late-April shift');
  await quietWeeks(world);
  await theShiftIsFound(world);
  const [first, ...others] = await retrains();
  await story.promise(`${copiesOfAnAlarm} copies of one alarm start one run`, async () => [
    first !== undefined && others.length === 0,
    `${first === undefined ? 0 : 1 + others.length} run(s): ${first?.trigger.why}`,
  ]);
  if (first === undefined) return;
  for (const { batchId, gate } of await quarantined()) {
    const failed = gate.filter(({ verdict }) => verdict === 'fail');
    story.happened(
      `G0 puts batch ${batchId} into quarantine: ${failed.map(({ because }) => because).join('; ')}`,
    );
  }
  const asked = await pending();
  if (asked !== undefined)
    await decide(asked, 'rejected', 'the week that matters is in quarantine: I look at it first');
  const run = await registry.getRun(first.runId);
  const { status, outcome } = run;
  const why = await whyNot(run);
  story.happened(`the run ends ${status}: ${why}`);
  await story.promise('a run that found too little to learn from changes nothing, and says why', async () => [
    (await champion()) === 1 && status !== 'running' && outcome !== undefined,
    `${status}: ${why}; version ${await champion()} serves`,
  ]);
};
