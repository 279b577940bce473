import { dayOfWeek1 } from '../calendar.ts';
import { desk } from '../desk.ts';
import { copiesOfAnAlarm, model, type World } from '../world.ts';

const scoreIn = (
  window: { readonly lanes: readonly { readonly lane: string; readonly score: number }[] } | undefined,
  lane: string,
) => window?.lanes.find((one) => one.lane === lane)?.score;

const isRinging = async ({ house }: World, lane: string): Promise<boolean> =>
  (await house.laptop.alarms.states(model)).some((one) => one.lane === lane && one.state === 'alarm');

/** Quiet days, then late April: flights arrive early as never before, and only the labels can tell. */
export const theShift = async (world: World): Promise<void> => {
  const { story } = world;
  const { registry, retrains, pending, decide, champion } = desk(world);
  story.chapter('Quiet days, then the late-April shift');
  await world.liveUntil(dayOfWeek1(17));
  await story.promise('quiet days ring no alarm', async () => {
    const ringing = (await world.house.laptop.alarms.states(model)).filter(({ state }) => state === 'alarm');
    const windows = await registry.listWindows(model);
    return [
      windows.length > 0 && ringing.length === 0,
      `${windows.length} window(s), ${world.traffic.asked()} predictions, ${ringing.length} alarms`,
    ];
  });

  await world.liveUntil(dayOfWeek1(20), { until: async () => isRinging(world, 'realised-quality') });
  const realised = (await registry.listRealisedWindows(model)).find(({ score = 0 }) => score >= 1);
  await story.promise('the late-April shift is found as soon as its labels are in', async () => [
    realised !== undefined && realised.windowEnd <= '2001-05-04',
    realised === undefined
      ? 'no window of realised quality is in breach'
      : `until ${realised.windowEnd.slice(0, 10)} ${realised.because}; nineteen labels of twenty took up to ${realised.delayHours?.toFixed(0)} hours`,
  ]);
  await story.promise('no look at the inputs alone could have found it, and none cried wolf', async () => {
    const windows = await registry.listWindows(model);
    const scores = windows.flatMap((window) => scoreIn(window, 'drift') ?? []);
    return [
      scores.length > 0 && scores.every((score) => score < 1),
      `drift scores ${scores.map((score) => score.toFixed(2)).join(', ')}; 1 is the limit`,
    ];
  });
  const [first, ...others] = await retrains();
  await story.promise(`${copiesOfAnAlarm} copies of one alarm start one run`, async () => [
    first !== undefined && others.length === 0,
    `${first === undefined ? 0 : 1 + others.length} run(s): ${first?.runId}`,
  ]);
  if (first === undefined) return;
  const asked = await pending();
  if (asked !== undefined)
    await decide(asked, 'rejected', 'the week that matters is in quarantine: I look at it first');
  const { status, outcome } = await registry.getRun(first.runId);
  story.happened(`the run ends ${status}: ${outcome}`);
  await story.promise('a run that found too little to learn from changes nothing, and says why', async () => [
    (await champion()) === 1 && status !== 'running' && outcome !== undefined,
    `${status}; version ${await champion()} serves`,
  ]);
};
